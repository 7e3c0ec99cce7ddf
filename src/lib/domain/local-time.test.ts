import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatLocalTime, readLocalTime } from './local-time';

it.each([
	['2024-01-15 14:30:45', 'Asia/Kolkata', '2024-01-15T09:00:45Z'],
	['1970-01-01 05:30:00', 'Asia/Kolkata', '1970-01-01T00:00:00Z'],
	['2024-01-15T14:30:45.123', 'UTC', '2024-01-15T14:30:45Z'],
	['2024-07-15 09:00:00', 'America/New_York', '2024-07-15T13:00:00Z'],
	// Clocks turned back: the hour is there twice, the earlier one counts.
	['2024-11-03 01:30:00', 'America/New_York', '2024-11-03T05:30:00Z'],
	// Clocks turned forward: the hour is not there.
	['2024-03-10 02:30:00', 'America/New_York', '2024-03-10T07:30:00Z']
])('given %s in %s, then it is %s', (text, timeZone, moment) => {
	expect(readLocalTime(text, timeZone)).toBe(Date.parse(moment));
});

it.each([
	'',
	'null',
	'yesterday',
	'2024-02-31 10:00:00',
	'2024-13-01 10:00:00',
	'15/01/2024 10:00'
])('given %j, then it is no time', (text) => {
	expect(readLocalTime(text, 'Asia/Kolkata')).toBeNull();
});

it('given any second of a zone without summer time, then writing and reading it changes nothing', () => {
	const seconds = fc.integer({ min: 946_684_800, max: 4_102_444_800 });
	const zones = fc.constantFrom('Asia/Kolkata', 'Asia/Singapore', 'UTC', 'Asia/Kathmandu');
	fc.assert(
		fc.property(seconds, zones, (second, timeZone) => {
			const text = formatLocalTime(second * 1000, timeZone);
			expect(readLocalTime(text, timeZone)).toBe(second * 1000);
		})
	);
});
