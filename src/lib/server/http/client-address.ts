import type { RequestEvent } from '@sveltejs/kit';

/** Where a request came from; null when a proxy did not say. */
export function addressOf(event: RequestEvent, trustedProxies: number): string | null {
	const forwardedFor = event.request.headers.get('x-forwarded-for');
	return clientAddress(event.getClientAddress(), forwardedFor, trustedProxies);
}

/**
 * Where a request came from. Each proxy of ours appends the address it was asked from to
 * `X-Forwarded-For`; what stands before those entries anybody could have written.
 * @param socketAddress the other end of our own connection
 * @param trustedProxies how many proxies of ours are in front of the app
 * @returns null when the proxies did not say
 */
export function clientAddress(
	socketAddress: string,
	forwardedFor: string | null,
	trustedProxies: number
): string | null {
	if (trustedProxies === 0) return socketAddress;
	const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim());
	return hops[hops.length - trustedProxies] || null;
}
