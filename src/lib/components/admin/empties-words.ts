import { formatDuration, plural } from '../format/numbers';
import { formatMoment, formatTime, isoOf } from '../format/time';

const DAY_MS = 86_400_000;

/** `14:40` today or within a day, `in 3 days`, `Empty`, or a dash when it is not foreseen. */
export function emptiesWords(atMs: number | null, nowMs: number, timezone: string): string {
	if (atMs === null) return '–';
	if (atMs <= nowMs) return 'Empty';
	if (atMs - nowMs < DAY_MS) return formatTime(atMs, timezone);
	return `in ${plural(Math.floor((atMs - nowMs) / DAY_MS), 'day')}`;
}

/** The same as a sentence. */
export function emptiesSentence(atMs: number | null, nowMs: number, timezone: string): string {
	if (atMs === null) return 'Not foreseen: little or nothing was talked in the last hour';
	if (atMs <= nowMs) return 'Nothing is left to talk with';
	const left = formatDuration((atMs - nowMs) / 1_000);
	const moment = formatMoment(isoOf(atMs), nowMs, timezone);
	const at = moment.includes(',') ? moment : `at ${moment}`;
	return `Empties ${at}, in ${left}, at the pace of the last hour`;
}
