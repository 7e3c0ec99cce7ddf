import { localDay, startOfLocalDay } from '../time-zone';

/**
 * When a monthly allocation runs next: at the first moment of its day in the organisation's zone. A month
 * that is too short for the day runs on its last one.
 * @param dayOfMonth 1 to 31
 * @param afterMs milliseconds since 1970 UTC; the answer is later
 */
export function nextMonthlyRun(dayOfMonth: number, afterMs: number, timeZone: string): number {
	const [year = 0, month = 0] = localDay(afterMs, timeZone).split('-').map(Number);
	const thisMonth = startOfLocalDay(dayIn(year, month, dayOfMonth), timeZone);
	if (thisMonth > afterMs) return thisMonth;
	const isDecember = month === 12;
	const next = dayIn(isDecember ? year + 1 : year, isDecember ? 1 : month + 1, dayOfMonth);
	return startOfLocalDay(next, timeZone);
}

/** @param month 1 to 12 */
function dayIn(year: number, month: number, dayOfMonth: number): string {
	const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
	const day = Math.min(dayOfMonth, lastDay);
	return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
