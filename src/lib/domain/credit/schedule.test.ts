import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDay, startOfLocalDay } from '../time-zone';
import { nextMonthlyRun } from './schedule';

const ZONES = [
	'UTC',
	'Asia/Kolkata',
	'America/New_York',
	'Europe/Berlin',
	'Africa/Cairo',
	'Asia/Beirut',
	'America/Santiago',
	'Pacific/Apia',
	'Pacific/Kiritimati',
	'Etc/GMT+12'
];
const zones = fc.constantFrom(...ZONES);
const moments = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });

describe('startOfLocalDay', () => {
	it.each([
		['2026-11-21', 'UTC', '2026-11-21T00:00:00.000Z'],
		['2026-11-21', 'Asia/Kolkata', '2026-11-20T18:30:00.000Z'],
		// Cairo's clocks jump from 0:00 to 1:00: the day begins at 1:00.
		['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
		// Santiago's go back from 24:00 to 23:00: the day begins an hour later than it seemed.
		['2026-04-05', 'America/Santiago', '2026-04-05T04:00:00.000Z'],
		['2026-11-21', 'Pacific/Kiritimati', '2026-11-20T10:00:00.000Z']
	])('given %s in %s, then it begins at %s', (day, zone, moment) => {
		expect(new Date(startOfLocalDay(day, zone)).toISOString()).toBe(moment);
	});

	it('given any moment, then its day began not after it and the moment before was another day', () => {
		fc.assert(
			fc.property(moments, zones, (atMs, zone) => {
				const day = localDay(atMs, zone);
				const startMs = startOfLocalDay(day, zone);
				expect(startMs).toBeLessThanOrEqual(atMs);
				expect(localDay(startMs, zone)).toBe(day);
				expect(localDay(startMs - 1, zone) < day).toBe(true);
			}),
			{ numRuns: 60 }
		);
	});
});

describe('nextMonthlyRun', () => {
	it.each([
		['the day is still to come', 15, '2026-11-14T12:00:00Z', 'UTC', '2026-11-15T00:00:00.000Z'],
		['it is that very moment', 15, '2026-11-15T00:00:00Z', 'UTC', '2026-12-15T00:00:00.000Z'],
		['the month is short', 31, '2026-11-14T12:00:00Z', 'UTC', '2026-11-30T00:00:00.000Z'],
		['February is short', 30, '2027-02-01T12:00:00Z', 'UTC', '2027-02-28T00:00:00.000Z'],
		['it is a leap year', 31, '2028-02-01T12:00:00Z', 'UTC', '2028-02-29T00:00:00.000Z'],
		['a long month follows', 31, '2026-11-30T00:00:00Z', 'UTC', '2026-12-31T00:00:00.000Z'],
		['the year turns', 1, '2026-12-01T00:00:00Z', 'UTC', '2027-01-01T00:00:00.000Z'],
		['the zone is ahead', 1, '2026-11-30T18:29:59Z', 'Asia/Kolkata', '2026-11-30T18:30:00.000Z'],
		[
			'summer time ends between',
			5,
			'2026-10-05T05:00:00Z',
			'America/New_York',
			'2026-11-05T05:00:00.000Z'
		]
	])('given that %s, then day %i after %s in %s is %s', (_what, day, after, zone, next) => {
		expect(new Date(nextMonthlyRun(day, Date.parse(after), zone)).toISOString()).toBe(next);
	});

	it('given any day, moment and zone, then it runs once in every month, in order, on the day or the last one', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 31 }), moments, zones, (day, startMs, zone) => {
				let atMs = startMs;
				const months: string[] = [];
				for (let run = 0; run < 14; run++) {
					const nextMs = nextMonthlyRun(day, atMs, zone);
					expect(nextMs).toBeGreaterThan(atMs);
					const local = localDay(nextMs, zone);
					const tomorrow = localDay(nextMs + 30 * 3_600_000, zone);
					const isLast = tomorrow.slice(0, 7) !== local.slice(0, 7);
					const dayOfMonth = Number(local.slice(8));
					expect(dayOfMonth === day || (isLast && dayOfMonth < day)).toBe(true);
					months.push(local.slice(0, 7));
					atMs = nextMs;
				}
				const numbers = months.map(
					(month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5))
				);
				expect(numbers.every((number, index) => number === (numbers[0] ?? 0) + index)).toBe(true);
			}),
			{ numRuns: 40 }
		);
	});
});
