/**
 * Spaces create requests to what a provider takes per second: beyond that it queues or refuses them
 * (PROVIDERS.md 1.5). A generic cell rate: a second's worth may go at once, the rest one after another.
 */

/** When the next request would be on time, were there no burst. Milliseconds of any steady clock. */
export interface Pace {
	dueAtMs: number;
}

/** Nobody waits longer than this for a turn: a clear refusal serves an agent better. */
export const TURN_WAIT_MS_MAX = 10_000;

/**
 * The next turn.
 * @returns how long to wait for it and the pace after it; null when that is too long
 */
export function takeTurn(
	pace: Pace,
	callsPerSecond: number,
	nowMs: number
): { waitMs: number; pace: Pace } | null {
	const intervalMs = 1_000 / callsPerSecond;
	const burstMs = (Math.max(1, Math.floor(callsPerSecond)) - 1) * intervalMs;
	const waitMs = Math.max(0, pace.dueAtMs - burstMs - nowMs);
	if (waitMs > TURN_WAIT_MS_MAX) return null;
	return { waitMs, pace: { dueAtMs: Math.max(pace.dueAtMs, nowMs) + intervalMs } };
}
