import { formatTime } from '../format/time';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** When something is due: `in 12 min`, `today 14:30`, `Thu 26 Nov, 10:00`, `40 min late`. */
export function dueWords(dueAt: string, nowMs: number, timezone: string): string {
	const waitMs = Date.parse(dueAt) - nowMs;
	if (waitMs < -HOUR_MS) return `${dayAndTime(dueAt, timezone)}, late`;
	if (waitMs < -MINUTE_MS) return `${Math.floor(-waitMs / MINUTE_MS)} min late`;
	if (waitMs <= 0) return 'now';
	if (waitMs < HOUR_MS) return `in ${Math.ceil(waitMs / MINUTE_MS)} min`;
	const isToday = dayOf(Date.parse(dueAt), timezone) === dayOf(nowMs, timezone);
	return isToday ? `today ${formatTime(dueAt, timezone)}` : dayAndTime(dueAt, timezone);
}

function dayAndTime(at: string, timezone: string): string {
	return `${dayOf(Date.parse(at), timezone)}, ${formatTime(at, timezone)}`;
}

function dayOf(atMs: number, timezone: string): string {
	return new Intl.DateTimeFormat('en-GB', {
		timeZone: timezone,
		weekday: 'short',
		day: 'numeric',
		month: 'short'
	}).format(atMs);
}
