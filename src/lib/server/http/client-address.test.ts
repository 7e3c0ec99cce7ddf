import { expect, it } from 'vitest';
import { clientAddress } from './client-address';

it.each([
	[0, null, '10.0.0.9'],
	[0, '1.1.1.1', '10.0.0.9'],
	[1, '13.203.39.153', '13.203.39.153'],
	// What the caller wrote itself stands to the left.
	[1, '13.203.39.153, 6.6.6.6', '6.6.6.6'],
	[2, '13.203.39.153, 6.6.6.6, 10.0.0.1', '6.6.6.6'],
	[1, null, null],
	[1, '', null],
	[2, '6.6.6.6', null],
	[1, '6.6.6.6,', null]
])(
	'given %i proxies of ours and X-Forwarded-For %j, then it came from %j',
	(trustedProxies, forwardedFor, address) => {
		expect(clientAddress('10.0.0.9', forwardedFor, trustedProxies)).toBe(address);
	}
);
