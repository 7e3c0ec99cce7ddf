/** How fast credit is used up, and when it is gone. The pace is that of the last hour. */

export const PACE_WINDOW_MINUTES = 60;
const MINUTE_MS = 60_000;
/** Farther away than this nobody plans by an hour's pace. */
const FORESEEN_MINUTES_MAX = 60 * 24 * 60;

/**
 * Minutes of the clock until credit is used up.
 * @param callableMinutes minutes of talk that allocations and wallet pay for now
 * @param usedMinutes used in the last {@link PACE_WINDOW_MINUTES}
 * @returns 0 when there is none; null when at this pace it lasts for longer than sixty days
 */
export function minutesToEmpty(callableMinutes: number, usedMinutes: number): number | null {
	if (callableMinutes <= 0) return 0;
	if (usedMinutes <= 0) return null;
	const minutes = (callableMinutes * PACE_WINDOW_MINUTES) / usedMinutes;
	return minutes > FORESEEN_MINUTES_MAX ? null : minutes;
}

/** The moment credit is used up, milliseconds since 1970 UTC; null: not foreseen. */
export function emptiesAtMs(
	callableMinutes: number,
	usedMinutes: number,
	nowMs: number
): number | null {
	const minutes = minutesToEmpty(callableMinutes, usedMinutes);
	return minutes === null ? null : nowMs + Math.floor(minutes * MINUTE_MS);
}
