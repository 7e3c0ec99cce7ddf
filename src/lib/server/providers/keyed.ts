/** Who may post for a provider that signs nothing: a secret in the address, and a list of addresses. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIPv6 } from 'node:net';
import type { WebhookGuard } from '../config';

/** What a request shows of itself. */
export interface Claim {
	key: string | null;
	/** Where it came from; null: nobody knows. */
	address: string | null;
}

export function isLetIn(guard: WebhookGuard, { key, address }: Claim): boolean {
	return isSameSecret(key, guard.key) && isAllowed(guard.allowedIps, address);
}

/** In a time that tells nothing of where the two differ. */
function isSameSecret(given: string | null, expected: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return given !== null && timingSafeEqual(digest(given), digest(expected));
}

/** An empty list allows everybody. */
function isAllowed(allowedIps: string[], address: string | null): boolean {
	if (allowedIps.length === 0) return true;
	if (address === null) return false;
	const list = new BlockList();
	for (const entry of allowedIps) {
		const [ip = '', bits] = entry.split('/');
		const family = isIPv6(ip) ? 'ipv6' : 'ipv4';
		if (bits === undefined) list.addAddress(ip, family);
		else list.addSubnet(ip, Number(bits), family);
	}
	const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
	return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
