/** Which addresses a file may be fetched from, looked at when the connection is made (DESIGN.md section 10). */
import { BlockList, isIP } from 'node:net';
import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';

/**
 * Ranges that are not the public internet (IANA special-purpose registries). One list for each family: in
 * one list, `::/8` would also hold every IPv4 address, as the address it is written as in IPv6.
 */
const NOT_PUBLIC = { ipv4: new BlockList(), ipv6: new BlockList() };
const IPV4_RANGES: [string, number][] = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.88.99.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 4],
	['240.0.0.0', 4]
];
const IPV6_RANGES: [string, number][] = [
	['::', 8],
	['64:ff9b::', 96],
	['64:ff9b:1::', 48],
	['100::', 64],
	['2001::', 23],
	['2001:db8::', 32],
	['2002::', 16],
	['3fff::', 20],
	['fc00::', 7],
	['fe80::', 9],
	['ff00::', 8]
];
for (const [net, prefix] of IPV4_RANGES) NOT_PUBLIC.ipv4.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of IPV6_RANGES) NOT_PUBLIC.ipv6.addSubnet(net, prefix, 'ipv6');

export function isPublicAddress(address: string): boolean {
	if (isIP(address) === 0) return false;
	const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
	return !NOT_PUBLIC[family].check(address, family);
}

/** Whether a host name is this machine by its very words, without asking anybody. */
export function isLoopbackHost(hostname: string): boolean {
	const bare = hostname.replace(/^\[|\]$/g, '');
	return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/** The name leads to an address that nothing is fetched from. */
export class AddressRefused extends Error {}

type Answer = (
	error: NodeJS.ErrnoException | null,
	address: string | LookupAddress[],
	family?: number
) => void;

/**
 * Stands in for the look-up of a connection, so that the very address that is connected to was looked at:
 * a name that answers differently the second time gains nothing.
 */
export function lookupPublic(hostname: string, options: LookupOptions, answer: Answer): void {
	lookup(hostname, { ...options, all: true }, (error, addresses) => {
		if (error) return answer(error, []);
		const [first] = addresses;
		if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
			return answer(new AddressRefused(`${hostname} is at an address that is not public.`), []);
		}
		if (options.all) answer(null, addresses);
		else answer(null, first.address, first.family);
	});
}
