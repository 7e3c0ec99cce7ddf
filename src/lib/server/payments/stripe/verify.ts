import Stripe from 'stripe';

/** Older and newer signatures are refused (PROVIDERS.md 4.4). */
export const TOLERANCE_SECONDS = 300;

/** Checks signatures only; it never makes a request, so its key is none. */
const checker = new Stripe('sk_test_never_sent');

/**
 * Reads the body of a webhook that Stripe signed (PROVIDERS.md 4.4).
 * @param secrets one, or two while they are rotated; any may have signed
 * @param rawBody the bytes as received, never re-serialised
 * @returns null when no signature fits or the moment is more than the tolerance away
 */
export function readSignedBody(
	secrets: string[],
	rawBody: Buffer,
	header: string | null,
	nowMs: number
): unknown {
	if (header === null || header === '' || isOfTheFuture(header, nowMs)) return null;
	for (const secret of secrets) {
		try {
			return checker.webhooks.constructEvent(
				rawBody,
				header,
				secret,
				TOLERANCE_SECONDS,
				undefined,
				nowMs
			);
		} catch {
			// Not signed with this secret, too old, or no event: the next secret may fit.
		}
	}
	return null;
}

/** The SDK bounds only the past. */
function isOfTheFuture(header: string, nowMs: number): boolean {
	const seconds = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header)?.[1]);
	return seconds > nowMs / 1000 + TOLERANCE_SECONDS;
}
