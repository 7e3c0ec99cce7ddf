import { describe, expect, it } from 'vitest';
import { addMonths, correctionsOf, daysOfMonth, type ReportCounts } from './usage-report';

const counts = (calls: number): ReportCounts => ({
	calls,
	completed: calls,
	failed: 0,
	cancelled: 0,
	answered: calls,
	talkSeconds: calls * 60,
	billedMinutes: calls,
	cost: `${calls}.000000`
});
const sealed = (month: string, calls: number, corrected: [string, number, number][] = []) => ({
	month,
	totals: counts(calls),
	corrections: corrected.map(([of, was, is]) => ({
		month: of,
		was: counts(was),
		is: counts(is)
	}))
});
const now = (months: Record<string, number>) =>
	new Map(Object.entries(months).map(([month, calls]) => [month, counts(calls)]));

describe('correctionsOf', () => {
	it('given months that are as they were sealed, then nothing is corrected', () => {
		const reports = [sealed('2026-08', 3), sealed('2026-09', 4)];
		expect(correctionsOf(reports, now({ '2026-08': 3, '2026-09': 4 }))).toEqual([]);
	});

	it('given a month that has one call more, then it is corrected, once', () => {
		const reports = [sealed('2026-08', 3), sealed('2026-09', 4)];
		const [correction, ...others] = correctionsOf(reports, now({ '2026-08': 5, '2026-09': 4 }));
		expect(correction).toEqual({ month: '2026-08', was: counts(3), is: counts(5) });
		expect(others).toEqual([]);
		const next = [...reports, sealed('2026-10', 1, [['2026-08', 3, 5]])];
		expect(correctionsOf(next, now({ '2026-08': 5, '2026-09': 4, '2026-10': 1 }))).toEqual([]);
	});

	it('given a correction that changes again, then it starts from what was said last', () => {
		const reports = [sealed('2026-08', 3), sealed('2026-09', 4, [['2026-08', 3, 5]])];
		const [correction] = correctionsOf(reports, now({ '2026-08': 6, '2026-09': 4 }));
		expect(correction).toMatchObject({ was: { calls: 5 }, is: { calls: 6 } });
	});
});

describe('months', () => {
	it('end where they end, and go on into the next year', () => {
		expect(daysOfMonth('2028-02')).toEqual({ start: '2028-02-01', end: '2028-02-29' });
		expect(addMonths('2026-11', 2)).toBe('2027-01');
		expect(addMonths('2026-01', -1)).toBe('2025-12');
	});
});
