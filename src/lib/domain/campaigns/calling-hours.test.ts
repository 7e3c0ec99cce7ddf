import fc from 'fast-check';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/examples.mobile.json';
import { describe, expect, it } from 'vitest';
import {
	DEFAULT_CALLING_HOURS,
	EVERY_DAY,
	isCallingHour,
	nextCallingHour,
	type CallingHours
} from './calling-hours';
import { possibleZones } from './lead-zones';
import { ZONES_BY_PREFIX } from './zones-by-prefix';

const MINUTE_MS = 60_000;
const WEEKDAYS: CallingHours = { ...DEFAULT_CALLING_HOURS, days: [1, 2, 3, 4, 5] };
const clocks = new Map<string, Intl.DateTimeFormat>();
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What Intl itself shows on the wall there: the day of the week and the minute after midnight. */
function wallClock(zone: string, atMs: number): { day: number; minute: number } {
	const known = clocks.get(zone);
	const clock =
		known ??
		new Intl.DateTimeFormat('en-US', {
			timeZone: zone,
			weekday: 'short',
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23'
		});
	if (!known) clocks.set(zone, clock);
	const shown = clock.format(atMs);
	const [hour = NaN, minute = NaN] = shown.slice(-5).split(':').map(Number);
	return { day: DAYS.indexOf(shown.slice(0, 3)) + 1, minute: hour * 60 + minute };
}

function isOpenOnTheWall(zone: string, hours: CallingHours, atMs: number): boolean {
	const { day, minute } = wallClock(zone, atMs);
	return minute >= hours.fromMinute && minute < hours.untilMinute && hours.days.includes(day);
}

/** Every line of the table whose prefix fits, longest first: written without a look at the rule. */
const TABLE = ZONES_BY_PREFIX.trim()
	.split('\n')
	.flatMap((line) => {
		const [zones = '', prefixes = ''] = line.split(' = ');
		return prefixes.split(' ').map((prefix) => ({ prefix, zones: zones.split(' ') }));
	})
	.sort((one, other) => other.prefix.length - one.prefix.length);
const PREFIXES = TABLE.map(({ prefix }) => prefix);

/** Mobiles and others that are given out for a whole country: its own line is the short one. */
const WHOLE_COUNTRY = /^\+(?:(7)9|(34)[67]|(56)9|(61)[47]|(62)8|(64)2|(299)[245]|(593)9|(976)[89])/;

function zonesByHand(phone: string): string[] {
	const country = WHOLE_COUNTRY.exec(phone)?.slice(1).find(Boolean);
	const isMore = (prefix: string) => country !== undefined && prefix.length > country.length + 1;
	return (
		TABLE.find(
			({ prefix }) =>
				phone.startsWith(`+${prefix}`) &&
				(country === undefined || prefix === country || isMore(prefix))
		)?.zones ?? []
	);
}

const anyNumber = fc
	.tuple(fc.constantFrom(...PREFIXES), fc.integer({ min: 1_000_000, max: 9_999_999 }))
	.map(([prefix, rest]) => `+${`${prefix}${rest}`.slice(0, 14)}`);
const FROM = Date.parse('2024-01-01T00:00:00Z');
const UNTIL = Date.parse('2031-01-01T00:00:00Z');
const anyInstant = fc.integer({ min: FROM / 1_000, max: UNTIL / 1_000 }).map((s) => s * 1_000);
/** Around the Sundays on which many clocks change. */
const nearAChange = fc
	.tuple(
		fc.constantFrom(
			'2025-03-09',
			'2025-03-30',
			'2025-04-06',
			'2025-10-05',
			'2025-10-26',
			'2025-11-02'
		),
		fc.integer({ min: -36 * 3600, max: 36 * 3600 })
	)
	.map(([day, seconds]) => Date.parse(`${day}T00:00:00Z`) + seconds * 1_000);
const anyHours = fc.record({
	fromMinute: fc.integer({ min: 0, max: 1_439 }),
	untilMinute: fc.integer({ min: 1, max: 1_440 }),
	days: fc.subarray([...EVERY_DAY], { minLength: 1 })
});

describe('given leads in zones', () => {
	it.each([
		['India, half an hour off', '+919876543210', '2026-11-25T02:29:59', '2026-11-25T02:30:00'],
		['India, as it opens', '+919876543210', '2026-11-25T02:30:00', 'now'],
		['India, its last second', '+919876543210', '2026-11-25T15:29:59', 'now'],
		['India, as it closes', '+919876543210', '2026-11-25T15:30:00', '2026-11-26T02:30:00'],
		['Nepal, a quarter off', '+9779841234567', '2026-11-25T02:14:59', '2026-11-25T02:15:00'],
		['New York, clocks not on yet', '+12125550161', '2026-03-07T12:59:00', '2026-03-07T13:00:00'],
		['New York, clocks put on', '+12125550161', '2026-03-08T12:00:00', 'now'],
		['New York, clocks put back', '+12125550161', '2026-11-01T12:30:00', '2026-11-01T13:00:00'],
		[
			'an Australian mobile, too early on Cocos',
			'+61412345678',
			'2026-11-24T22:00:00',
			'2026-11-25T01:30:00'
		],
		[
			'an Australian mobile, late on Lord Howe',
			'+61412345678',
			'2026-11-25T10:00:00',
			'2026-11-26T01:30:00'
		],
		['a Russian mobile, Moscow awake', '+79123456789', '2026-11-25T08:59:00', 'now'],
		[
			'a Russian mobile, Kamchatka asleep',
			'+79123456789',
			'2026-11-25T09:00:00',
			'2026-11-26T06:00:00'
		],
		['toll-free: Samoa to Guam', '+18005550161', '2026-11-25T21:59:00', '2026-11-25T22:00:00']
	])('%s', (_where, phone, at, next) => {
		const zones = possibleZones({ timezone: null, phone });
		const atMs = Date.parse(`${at}Z`);
		const nextMs = next === 'now' ? atMs : Date.parse(`${next}Z`);
		expect(isCallingHour(zones, DEFAULT_CALLING_HOURS, atMs)).toBe(next === 'now');
		expect(nextCallingHour(zones, DEFAULT_CALLING_HOURS, atMs)).toBe(nextMs);
	});

	it('when a zone was entered, then the number does not count; a zone nobody knows does not', () => {
		const phone = '+12125550161';
		expect(possibleZones({ timezone: 'Asia/Tokyo', phone })).toEqual(['Asia/Tokyo']);
		expect(possibleZones({ timezone: 'Mars/Olympus', phone })).toEqual(['America/New_York']);
	});

	it('when nobody knows the zone, or its hours never meet, then there is no moment to call', () => {
		const nowMs = Date.parse('2026-11-25T12:00:00Z');
		const satellite = possibleZones({ timezone: null, phone: '+881612345678' });
		const hour: CallingHours = { fromMinute: 600, untilMinute: 660, days: EVERY_DAY };
		for (const zones of [satellite, ['Europe/London', 'Asia/Tokyo']]) {
			expect(isCallingHour(zones, hour, nowMs)).toBe(false);
			expect(nextCallingHour(zones, hour, nowMs)).toBeNull();
		}
	});

	it('when it is Friday evening and weekends are off, then the next hour is on Monday', () => {
		const next = nextCallingHour(['Europe/London'], WEEKDAYS, Date.parse('2026-11-27T21:00:00Z'));
		expect(new Date(next ?? 0).toISOString()).toBe('2026-11-30T08:00:00.000Z');
	});

	it('when a number is of any country, then its zones are known to this machine', () => {
		for (const { zones } of TABLE) {
			for (const zone of zones) expect(() => wallClock(zone, FROM)).not.toThrow();
		}
		const unknown = getCountries().filter((country) => {
			const number = getExampleNumber(country, examples);
			return number && possibleZones({ timezone: null, phone: number.number }).length === 0;
		});
		expect(unknown).toEqual([]);
	});
});

describe('given a million pairs of a number and an instant', () => {
	it('when a call is allowed, then every clock the lead may have shows a calling hour, and never otherwise', () => {
		const numbers = fc.array(anyNumber, { minLength: 2_000, maxLength: 2_000 });
		const instants = fc.array(fc.oneof(anyInstant, nearAChange), {
			minLength: 500,
			maxLength: 500
		});
		fc.assert(
			fc.property(numbers, instants, (phones, moments) => {
				let pairs = 0;
				const leads = phones.map((phone) => ({
					zones: possibleZones({ timezone: null, phone }),
					byHand: zonesByHand(phone)
				}));
				for (const [index, hours] of [DEFAULT_CALLING_HOURS, WEEKDAYS].entries()) {
					for (const atMs of moments.slice(index * 250, (index + 1) * 250)) {
						const open = new Map<string, boolean>();
						const isOpen = (zone: string) => {
							const known = open.get(zone) ?? isOpenOnTheWall(zone, hours, atMs);
							open.set(zone, known);
							return known;
						};
						for (const { zones, byHand } of leads) {
							const expected = byHand.length > 0 && byHand.every(isOpen);
							pairs++;
							if (isCallingHour(zones, hours, atMs) !== expected) {
								expect.fail(`${byHand.join(' ')} at ${new Date(atMs).toISOString()}`);
							}
						}
					}
				}
				expect(pairs).toBe(1_000_000);
			}),
			{ numRuns: 1 }
		);
	});
});

describe('given any hours', () => {
	it('when the next calling hour is asked for, then it is one, and none lies between', () => {
		fc.assert(
			fc.property(anyNumber, fc.oneof(anyInstant, nearAChange), anyHours, (phone, atMs, hours) => {
				const zones = possibleZones({ timezone: null, phone });
				const nextMs = nextCallingHour(zones, hours, atMs);
				if (nextMs === atMs) return isCallingHour(zones, hours, atMs);
				if (nextMs !== null && !isCallingHour(zones, hours, nextMs)) return false;
				// Hours begin and clocks change on whole minutes: one minute of each quarter stands for it.
				const untilMs = nextMs ?? atMs + 8 * 24 * 60 * MINUTE_MS;
				for (let ms = atMs; ms < untilMs; ms += 15 * MINUTE_MS) {
					if (isCallingHour(zones, hours, ms)) return false;
				}
				return nextMs === null || !isCallingHour(zones, hours, nextMs - 1);
			}),
			{ numRuns: 400 }
		);
	});
});
