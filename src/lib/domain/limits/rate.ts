/** How many requests may come: a burst, and a pace after it. */
import { EMPTY, pour, secondsUntilRoom, type Bucket } from './bucket';

export interface RateLimit {
	/** Requests at once, when none came for a while. */
	burst: number;
	perSecond: number;
}

/**
 * Lets one more request in, or says how long to wait. A refused request costs nothing: whoever waits as
 * long as he is told is let in.
 * @returns the bucket from then on, and whole seconds to wait; 0: let in
 */
export function takeTurn(
	bucket: Bucket = EMPTY,
	{ burst, perSecond }: RateLimit,
	nowMs: number
): { bucket: Bucket; waitSeconds: number } {
	const pace = { capacity: burst, drainPerSecond: perSecond };
	const waitSeconds = secondsUntilRoom(bucket, 1, pace, nowMs);
	return waitSeconds > 0
		? { bucket, waitSeconds }
		: { bucket: pour(bucket, 1, perSecond, nowMs), waitSeconds: 0 };
}
