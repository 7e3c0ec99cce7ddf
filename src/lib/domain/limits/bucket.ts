/**
 * A leaky bucket: what is poured in drains evenly. Its level says how much came lately, with one number
 * and one moment, however much came.
 */
export interface Bucket {
	level: number;
	/** When the level was so, milliseconds since 1970 UTC. */
	atMs: number;
}

export const EMPTY: Bucket = { level: 0, atMs: 0 };

/** What is left in the bucket now. @param drainPerSecond in the unit of the level */
export function levelAt({ level, atMs }: Bucket, drainPerSecond: number, nowMs: number): number {
	const drained = (Math.max(0, nowMs - atMs) / 1000) * drainPerSecond;
	return Math.max(0, level - drained);
}

/** The bucket with more in it. A clock that was set back drains nothing twice. */
export function pour(
	bucket: Bucket,
	amount: number,
	drainPerSecond: number,
	nowMs: number
): Bucket {
	return {
		level: levelAt(bucket, drainPerSecond, nowMs) + amount,
		atMs: Math.max(bucket.atMs, nowMs)
	};
}

/** Seconds until there is room for `amount` below `capacity`; 0 when there is. */
export function secondsUntilRoom(
	bucket: Bucket,
	amount: number,
	{ capacity, drainPerSecond }: { capacity: number; drainPerSecond: number },
	nowMs: number
): number {
	const over = levelAt(bucket, drainPerSecond, nowMs) + amount - capacity;
	return over <= 0 ? 0 : Math.ceil(over / drainPerSecond);
}
