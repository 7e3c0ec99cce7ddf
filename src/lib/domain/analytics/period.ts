import { localDay } from '../time-zone';

/** Local calendar days of an organisation, both included. */
export interface Period {
	/** `2026-11-01` */
	start: string;
	end: string;
	days: number;
}

/** A stretch of time, its end not included. */
export interface Moments {
	fromMs: number;
	toMs: number;
}

const DAY_MS = 86_400_000;

/** The last `days` local days, today the last and not over yet. */
export function lastDays(days: number, nowMs: number, timeZone: string): Period {
	const end = localDay(nowMs, timeZone);
	return { start: addDays(end, 1 - days), end, days };
}

/**
 * A period from its first and last day.
 * @returns null when a day is none of the calendar or the end is before the start
 */
export function periodOf(start: string, end: string): Period | null {
	const days = daysBetween(start, end) + 1;
	return Number.isInteger(days) && days >= 1 ? { start, end, days } : null;
}

/** Every day of a period, oldest first. */
export function daysOf({ start, days }: Period): string[] {
	return Array.from({ length: days }, (_, index) => addDays(start, index));
}

/** The calendar day so many days later. Days of the calendar have no zone and no daylight saving. */
export function addDays(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function daysBetween(start: string, end: string): number {
	const [from, to] = [start, end].map((day) =>
		/^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN
	);
	return ((to ?? NaN) - (from ?? NaN)) / DAY_MS;
}

/**
 * Moments between which every call of the period was placed, whatever the zone: a day of slack on both
 * sides. For narrowing a search by call id; the local day decides.
 */
export function momentsAround({ start, end }: Period): Moments {
	return {
		fromMs: Date.parse(`${start}T00:00:00Z`) - DAY_MS,
		toMs: Date.parse(`${end}T00:00:00Z`) + 3 * DAY_MS
	};
}
