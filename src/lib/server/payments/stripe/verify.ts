import Stripe from 'stripe';

/** Older and newer signatures are refused (PROVIDERS.md 4.4). */
export const TOLERANCE_SECONDS = 300;

/** Checks signatures only; it never makes a request, so its key is none. */
const checker = new Stripe('sk_test_never_sent');

/**
 * Reads the body of a webhook that Stripe signed (PROVIDERS.md 4.4).
 * @param secrets one, or two while they are rotated; any may have signed
 * @param rawBody the bytes as received, never re-serialised
 * @returns null when no signature fits or the moment is more than the tolerance away; undefined when one fits
 * and the body is no JSON, or null
 */
export function readSignedBody(
	secrets: string[],
	rawBody: Buffer,
	header: string | null,
	nowMs: number
): unknown {
	if (header === null || header === '' || isOfTheFuture(header, nowMs)) return null;
	if (!secrets.some((secret) => isSignedWith(secret, rawBody, header, nowMs))) return null;
	try {
		return JSON.parse(rawBody.toString('utf8')) ?? undefined;
	} catch {
		return undefined;
	}
}

function isSignedWith(secret: string, rawBody: Buffer, header: string, nowMs: number): boolean {
	const { signature } = checker.webhooks;
	try {
		const tolerance = TOLERANCE_SECONDS;
		return signature?.verifyHeader(rawBody, header, secret, tolerance, undefined, nowMs) ?? false;
	} catch {
		return false;
	}
}

/** The SDK bounds only the past. */
function isOfTheFuture(header: string, nowMs: number): boolean {
	const seconds = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header)?.[1]);
	return seconds > nowMs / 1000 + TOLERANCE_SECONDS;
}
