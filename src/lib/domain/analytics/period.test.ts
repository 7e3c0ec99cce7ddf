import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDay } from '../time-zone';
import { addDays, daysOf, lastDays, momentsAround, periodOf } from './period';

describe('given local days', () => {
	it.each([
		['2026-02-28', 1, '2026-03-01'],
		['2028-02-28', 1, '2028-02-29'],
		['2026-11-01', -1, '2026-10-31'],
		['2026-12-31', 1, '2027-01-01']
	])('when %s is moved by %i days, then it is %s', (day, days, moved) => {
		expect(addDays(day, days)).toBe(moved);
	});

	it('when the last seven are asked for late in the evening in Kolkata, then today is already the next day', () => {
		const nowMs = Date.parse('2026-11-21T18:30:00Z');
		expect(lastDays(7, nowMs, 'Asia/Kolkata')).toEqual({
			start: '2026-11-16',
			end: '2026-11-22',
			days: 7
		});
		expect(lastDays(7, nowMs, 'America/New_York').end).toBe('2026-11-21');
	});

	it.each([
		['2026-11-21', '2026-11-21', 1],
		['2026-10-24', '2026-10-26', 3],
		['2026-11-21', '2026-11-20', null],
		['2026-11-21', 'tomorrow', null],
		['2026-13-01', '2026-13-02', null]
	])('when a period is from %s to %s, then it has %j days', (start, end, days) => {
		expect(periodOf(start, end)?.days ?? null).toBe(days);
	});

	it('when any moment falls on a day of the period in any zone, then it lies within the moments around it', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 0, max: 4_000_000_000_000 }),
				fc.constantFrom(
					'Asia/Kolkata',
					'America/New_York',
					'Pacific/Kiritimati',
					'Pacific/Pago_Pago'
				),
				(atMs, zone) => {
					const period = lastDays(3, atMs, zone);
					const { fromMs, toMs } = momentsAround(period);
					expect(daysOf(period).at(-1)).toBe(localDay(atMs, zone));
					expect(atMs).toBeGreaterThanOrEqual(fromMs);
					expect(atMs).toBeLessThan(toMs);
				}
			)
		);
	});
});
