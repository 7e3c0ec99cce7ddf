/** When a lead asked to be called, as a clock on the lead's wall shows it. */
import { formatLocalTime, readLocalTime } from '../local-time';
import { isTimeZone } from '../time-zone';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
export const CALL_BACK_DAYS_MAX = 366;

const WALL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const WEEKDAY_SUNDAY = 0;
const WEEKDAY_SATURDAY = 6;
const MORNING = '10:00';

export type CallBackTime =
	{ ok: true; dueAtMs: number } | { ok: false; field: 'at' | 'timezone'; sentence: string };

/**
 * The moment of a promised call.
 * @param at wall time in the zone, `2026-11-26T14:30`
 * @param timeZone IANA zone of the lead
 * @param nowMs milliseconds since 1970 UTC
 * @returns the moment, or the sentence that says what is wrong with which field
 */
export function readCallBackTime(at: string, timeZone: string, nowMs: number): CallBackTime {
	if (!isTimeZone(timeZone)) {
		const sentence = `timezone must be an IANA zone like Asia/Kolkata, not "${timeZone.slice(0, 60)}".`;
		return { ok: false, field: 'timezone', sentence };
	}
	const dueAtMs = WALL_TIME.test(at) ? readLocalTime(`${at}:00`, timeZone) : null;
	if (dueAtMs === null) {
		const sentence = 'The call-back time must be a day and a time, like 2026-11-26T14:30.';
		return { ok: false, field: 'at', sentence };
	}
	if (dueAtMs < nowMs - MINUTE_MS) {
		return { ok: false, field: 'at', sentence: 'The call-back time must not be in the past.' };
	}
	if (dueAtMs > nowMs + CALL_BACK_DAYS_MAX * DAY_MS) {
		const sentence = `The call-back time must be within ${CALL_BACK_DAYS_MAX} days.`;
		return { ok: false, field: 'at', sentence };
	}
	return { ok: true, dueAtMs };
}

/** A moment as the wall time of a zone, to the minute: `2026-11-26T14:30`. */
export function wallTimeAt(atMs: number, timeZone: string): string {
	return formatLocalTime(atMs, timeZone).slice(0, 16).replace(' ', 'T');
}

export interface CallBackSuggestion {
	label: string;
	/** Wall time in the lead's zone. */
	at: string;
}

/**
 * Times that are usually meant: in an hour, tomorrow morning, the next Monday morning, all of the lead.
 * @param nowMs milliseconds since 1970 UTC
 */
export function suggestCallBacks(nowMs: number, timeZone: string): CallBackSuggestion[] {
	const tomorrow = nextDay(nowMs, timeZone, () => true);
	const workday = nextDay(
		nowMs,
		timeZone,
		(weekday) => weekday !== WEEKDAY_SUNDAY && weekday !== WEEKDAY_SATURDAY
	);
	const monday = nextDay(nowMs, timeZone, (weekday) => weekday === 1);
	const suggestions = [
		{ label: 'In 1 hour', at: wallTimeAt(nowMs + 60 * MINUTE_MS, timeZone) },
		workday === tomorrow
			? { label: 'Tomorrow, 10:00', at: `${tomorrow}T${MORNING}` }
			: { label: 'Next workday, 10:00', at: `${workday}T${MORNING}` },
		{ label: 'Monday, 10:00', at: `${monday}T${MORNING}` }
	];
	return suggestions.filter(
		(one, index) => suggestions.findIndex(({ at }) => at === one.at) === index
	);
}

/** The next local day, after today, whose weekday will do: `2026-11-26`. */
function nextDay(nowMs: number, timeZone: string, fits: (weekday: number) => boolean): string {
	const today = Date.parse(`${wallTimeAt(nowMs, timeZone).slice(0, 10)}T00:00:00Z`);
	let day = today + DAY_MS;
	while (!fits(new Date(day).getUTCDay())) day += DAY_MS;
	return new Date(day).toISOString().slice(0, 10);
}
