/**
 * May a lead be called now? Only where its clock says so in every zone it may be in: of several the
 * strictest counts (47 CFR 64.1200(c)(1): 8 a.m. to 9 p.m. at the called party's location).
 */
import { clockChanges, zoneOffsetMs } from '../zone-offset';

/** When leads may be called, by the clock on their wall. */
export interface CallingHours {
	/** Minutes after midnight, the first that is allowed. */
	fromMinute: number;
	/** The first minute that is not; at most 1,440. */
	untilMinute: number;
	/** Days of the week, 1 is Monday and 7 is Sunday. */
	days: readonly number[];
}

export const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7] as const;
export const DEFAULT_CALLING_HOURS: CallingHours = {
	fromMinute: 8 * 60,
	untilMinute: 21 * 60,
	days: EVERY_DAY
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Every week has the same hours, and a clock change moves them by a day at most. */
const LOOK_AHEAD_DAYS = 9;

/**
 * @param zones every zone the lead may be in; none: nobody knows its time, so it must not be called
 * @param atMs milliseconds since 1970 UTC
 */
export function isCallingHour(
	zones: readonly string[],
	hours: CallingHours,
	atMs: number
): boolean {
	return zones.length > 0 && zones.every((zone) => isOpen(zone, hours, atMs));
}

/**
 * The first moment from `atMs` on at which the lead may be called: `atMs` itself when that is now.
 * @returns milliseconds since 1970 UTC; null when there is none, because the zone is unknown or the hours
 *   of its possible zones never meet
 */
export function nextCallingHour(
	zones: readonly string[],
	hours: CallingHours,
	atMs: number
): number | null {
	if (zones.length === 0) return null;
	const untilMs = atMs + LOOK_AHEAD_DAYS * DAY_MS;
	let candidateMs = atMs;
	while (candidateMs <= untilMs) {
		let latestMs = candidateMs;
		for (const zone of zones) {
			const opensMs = nextOpening(zone, hours, latestMs);
			if (opensMs === null) return null;
			latestMs = opensMs;
		}
		if (latestMs === candidateMs) return candidateMs;
		candidateMs = latestMs;
	}
	return null;
}

function isOpen(zone: string, hours: CallingHours, atMs: number): boolean {
	const localMs = atMs + zoneOffsetMs(atMs, zone);
	const minute = Math.floor((localMs - startOfDay(localMs)) / MINUTE_MS);
	return (
		minute >= hours.fromMinute &&
		minute < hours.untilMinute &&
		hours.days.includes(weekday(localMs))
	);
}

/**
 * A zone opens when its clock reaches the first minute of an allowed day, or jumps over it. Both are tried,
 * and whatever is open first is taken.
 */
function nextOpening(zone: string, hours: CallingHours, fromMs: number): number | null {
	if (isOpen(zone, hours, fromMs)) return fromMs;
	const untilMs = fromMs + LOOK_AHEAD_DAYS * DAY_MS;
	let firstMs = Infinity;
	const consider = (atMs: number) => {
		if (atMs >= fromMs && atMs < firstMs && isOpen(zone, hours, atMs)) firstMs = atMs;
	};
	for (const changeMs of clockChanges(zone, fromMs, untilMs)) consider(changeMs);
	const todayMs = startOfDay(fromMs + zoneOffsetMs(fromMs, zone));
	for (let day = -1; day <= LOOK_AHEAD_DAYS; day++) {
		const localMs = todayMs + day * DAY_MS + hours.fromMinute * MINUTE_MS;
		// No clock is a whole day from UTC: this day and the later ones come after what was found.
		if (firstMs <= localMs - DAY_MS) break;
		// The clock shows a time once, twice or never: its offset is one of those a day before and after.
		for (const aboutMs of [localMs - DAY_MS, localMs + DAY_MS]) {
			consider(localMs - zoneOffsetMs(aboutMs, zone));
		}
	}
	return firstMs < Infinity ? firstMs : null;
}

function startOfDay(localMs: number): number {
	return Math.floor(localMs / DAY_MS) * DAY_MS;
}

/** 1 January 1970 was a Thursday. */
function weekday(localMs: number): number {
	return ((Math.floor(localMs / DAY_MS) + 3) % 7) + 1;
}
