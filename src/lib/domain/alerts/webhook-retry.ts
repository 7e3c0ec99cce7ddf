const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** As Standard Webhooks recommends: at once, then after these waits; about three days in all. */
const WAITS_MS = [
	5 * SECOND_MS,
	5 * MINUTE_MS,
	30 * MINUTE_MS,
	2 * HOUR_MS,
	5 * HOUR_MS,
	10 * HOUR_MS,
	14 * HOUR_MS,
	20 * HOUR_MS,
	24 * HOUR_MS
];

/**
 * How long an outgoing message waits for its next try.
 * @param attempts how often it was tried and not taken
 * @returns milliseconds, or null when it is given up
 */
export function webhookWaitMs(attempts: number): number | null {
	return WAITS_MS[attempts - 1] ?? null;
}
