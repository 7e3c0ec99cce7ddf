import { describe, expect, it } from 'vitest';
import { addDays } from '$lib/domain/analytics/period';
import type { DayView } from '$lib/views';
import { trendBars } from './trend-bars';

function daysFrom(start: string, count: number): DayView[] {
	return Array.from({ length: count }, (_, index) => ({
		day: addDays(start, index),
		calls: 3,
		completed: 2,
		failed: 1,
		cancelled: 0,
		answered: 2,
		talkSeconds: 60,
		billedMinutes: 2,
		cost: '0.200000',
		successRate: 66.7
	}));
}

describe('trendBars', () => {
	it('given a month, then every day is a bar and today is open', () => {
		const bars = trendBars(daysFrom('2026-10-23', 30), '2026-11-21');
		expect(bars).toHaveLength(30);
		expect(bars.at(-1)).toMatchObject({
			words: 'Sat 21 Nov 2026',
			isOpen: true,
			link: { filters: { day: '2026-11-21' } }
		});
		expect(bars.filter((bar) => bar.isOpen)).toHaveLength(1);
	});

	it('given a year, then weeks from Monday add up to its days', () => {
		const bars = trendBars(daysFrom('2025-11-22', 365), null);
		expect(bars.length).toBeLessThan(55);
		expect(bars.reduce((sum, bar) => sum + bar.completed, 0)).toBe(730);
		expect(bars[1]).toMatchObject({ start: '2025-11-24', end: '2025-11-30', failed: 7 });
		expect(bars[1]?.link).toEqual({ from: '2025-11-24', to: '2025-11-30' });
	});
});
