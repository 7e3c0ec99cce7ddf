import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, localDay } from './time-zone';

const HOUR_MS = 3_600_000;

describe('localDay', () => {
	it.each([
		['UTC', '2026-11-21T23:59:59.999Z', '2026-11-21'],
		['UTC', '2026-11-22T00:00:00.000Z', '2026-11-22'],
		['Asia/Kolkata', '2026-11-21T18:29:59.999Z', '2026-11-21'],
		['Asia/Kolkata', '2026-11-21T18:30:00.000Z', '2026-11-22'],
		['Asia/Kathmandu', '2026-11-21T18:14:59.999Z', '2026-11-21'],
		['Asia/Kathmandu', '2026-11-21T18:15:00.000Z', '2026-11-22'],
		['America/New_York', '2026-03-08T04:59:59.999Z', '2026-03-07'],
		['America/New_York', '2026-03-08T05:00:00.000Z', '2026-03-08'],
		['America/New_York', '2026-03-09T03:59:59.999Z', '2026-03-08'],
		['America/New_York', '2026-03-09T04:00:00.000Z', '2026-03-09'],
		['America/New_York', '2026-11-02T04:59:59.999Z', '2026-11-01'],
		['America/New_York', '2026-11-02T05:00:00.000Z', '2026-11-02'],
		['Pacific/Kiritimati', '2026-12-31T10:00:00.000Z', '2027-01-01'],
		['Pacific/Pago_Pago', '2027-01-01T10:59:59.999Z', '2026-12-31'],
		['Europe/London', '2028-02-29T12:00:00.000Z', '2028-02-29']
	])('given %s at %s, then the day is %s', (zone, at, day) => {
		expect(localDay(Date.parse(at), zone)).toBe(day);
	});

	it('given a year over both changes of the clock, then the days have 23, 24 and 25 hours and lose none', () => {
		const hoursOfDay = new Map<string, number>();
		const fromMs = Date.parse('2026-01-01T05:00:00.000Z');
		for (let hour = 0; hour < 365 * 24; hour++) {
			const day = localDay(fromMs + hour * HOUR_MS, 'America/New_York');
			hoursOfDay.set(day, (hoursOfDay.get(day) ?? 0) + 1);
		}
		expect(hoursOfDay.size).toBe(365);
		const unusual = [...hoursOfDay].filter(([, hours]) => hours !== 24);
		expect(unusual).toEqual([
			['2026-03-08', 23],
			['2026-11-01', 25]
		]);
	});

	it('given any two moments, then the later one never has the earlier day', () => {
		const zones = fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York', 'Australia/Lord_Howe');
		const moments = fc.integer({ min: 0, max: Date.parse('2100-01-01T00:00:00Z') });
		fc.assert(
			fc.property(zones, moments, fc.nat(100 * HOUR_MS), (zone, atMs, laterByMs) => {
				const day = localDay(atMs, zone);
				expect(day).toMatch(/^\d{4}-\d{2}-\d{2}$/);
				expect(localDay(atMs + laterByMs, zone) >= day).toBe(true);
			})
		);
	});
});

describe('isTimeZone', () => {
	it.each(['UTC', 'Asia/Kolkata', 'America/New_York', 'Europe/Berlin'])(
		'given %s, then it is one',
		(zone) => {
			expect(isTimeZone(zone)).toBe(true);
		}
	);

	it.each([
		'',
		' ',
		'Mars/Olympus',
		'Asia/Kolkata ',
		'../etc/passwd',
		'null',
		"UTC'; drop table calls"
	])('given %j, then it is none', (zone) => {
		expect(isTimeZone(zone)).toBe(false);
	});

	it('given any text, then it answers and never throws', () => {
		fc.assert(fc.property(fc.string(), (text) => typeof isTimeZone(text) === 'boolean'));
	});
});
