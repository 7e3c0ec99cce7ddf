import { describe, expect, it } from 'vitest';
import { formatDays, formatMonth, formatWholeDay, weekdayName } from './days';

describe('days', () => {
	it.each([
		['2026-11-21', '2026-11-21', '21 Nov 2026'],
		['2026-11-15', '2026-11-21', '15–21 Nov 2026'],
		['2026-10-28', '2026-11-03', '28 Oct – 3 Nov 2026'],
		['2025-12-28', '2026-01-03', '28 Dec 2025 – 3 Jan 2026']
	])('calls %s to %s %s', (start, end, words) => {
		expect(formatDays(start, end)).toBe(words);
	});

	it('names days, weekdays and months', () => {
		expect(formatWholeDay('2026-11-21')).toBe('Sat 21 Nov 2026');
		expect([0, 6].map((weekday) => weekdayName(weekday))).toEqual(['Sunday', 'Saturday']);
		expect(weekdayName(1, 'short')).toBe('Mon');
		expect(formatMonth('2026-11-01')).toBe('November 2026');
	});
});
