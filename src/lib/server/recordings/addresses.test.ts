import type { LookupAddress, LookupOptions } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { AddressRefused, isLoopbackHost, isPublicAddress, lookupPublic } from './addresses';

describe('given an address', () => {
	it.each(['8.8.8.8', '52.95.110.1', '172.32.0.1', '100.128.0.1', '2600:1f18::1', '2a00:1450::1'])(
		'when it is %s, on the public internet, then it may be asked',
		(address) => {
			expect(isPublicAddress(address)).toBe(true);
		}
	);

	it.each([
		'0.0.0.0',
		'10.1.2.3',
		'100.64.0.1',
		'127.0.0.1',
		'127.255.255.254',
		'169.254.169.254',
		'172.16.0.1',
		'172.31.255.255',
		'192.168.1.1',
		'198.18.0.1',
		'224.0.0.1',
		'255.255.255.255',
		'::',
		'::1',
		'::ffff:127.0.0.1',
		'::ffff:8.8.8.8',
		'::127.0.0.1',
		'64:ff9b::a00:1',
		'2001:db8::1',
		'2002:7f00:1::',
		'fd00::1',
		'fe80::1',
		'fec0::1',
		'ff02::1',
		'localhost',
		''
	])('when it is "%s", then it may not', (address) => {
		expect(isPublicAddress(address)).toBe(false);
	});
});

describe('given a host name', () => {
	it.each(['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])(
		'when it is %s, then it is this machine',
		(name) => {
			expect(isLoopbackHost(name)).toBe(true);
		}
	);

	it.each(['localhost.example.com', '127.0.0.1.example.com', '128.0.0.1', '[::2]', 'example.com'])(
		'when it is %s, then it is not',
		(name) => {
			expect(isLoopbackHost(name)).toBe(false);
		}
	);
});

describe('given a name that leads to this machine', () => {
	const look = (options: LookupOptions) =>
		new Promise<{ error: Error | null; address: string | LookupAddress[] }>((resolve) =>
			lookupPublic('localhost', options, (error, address) => resolve({ error, address }))
		);

	it.each([{ all: true }, { all: false }, {}])(
		'when a connection looks it up with %o, then the look-up is refused',
		async (options) => {
			const { error } = await look(options);
			expect(error).toBeInstanceOf(AddressRefused);
		}
	);
});
