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
 * How many requests could be let go now without waiting longer than that.
 * @returns 0 when even the first would have to wait longer
 */
export function turnsWithin(
	{ dueAtMs }: Pace,
	callsPerSecond: number,
	nowMs: number,
	waitMs: number
): number {
	const intervalMs = 1_000 / callsPerSecond;
	const burstMs = (Math.max(1, Math.floor(callsPerSecond)) - 1) * intervalMs;
	const aheadMs = Math.max(0, dueAtMs - nowMs);
	// A hair of a turn lost to rounding is no turn lost.
	return Math.max(0, Math.floor((waitMs + burstMs - aheadMs) / intervalMs + 1e-6) + 1);
}

/** The pace after so many turns were taken. */
export function paceAfter(
	{ dueAtMs }: Pace,
	callsPerSecond: number,
	nowMs: number,
	turns: number
): Pace {
	return { dueAtMs: Math.max(dueAtMs, nowMs) + (turns * 1_000) / callsPerSecond };
}

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
