import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCallBackTime, suggestCallBacks, wallTimeAt } from './call-back-time';

const NOW_MS = Date.parse('2026-11-25T19:30:00Z');
const ZONES = ['America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'Europe/London', 'UTC'];

describe('given a call-back time', () => {
	it.each([
		['2026-11-26T14:30', 'America/New_York', '2026-11-26T19:30:00Z'],
		['2026-11-26T14:30', 'Asia/Kathmandu', '2026-11-26T08:45:00Z'],
		// Clocks go forward at 2:00: what never is, is read as the time before the change.
		['2027-03-14T02:30', 'America/New_York', '2027-03-14T07:30:00Z']
	])('when it is %s in %s, then it is due at %s', (at, zone, dueAt) => {
		expect(readCallBackTime(at, zone, NOW_MS)).toEqual({
			ok: true,
			dueAtMs: Date.parse(dueAt)
		});
	});

	it.each([
		['2026-11-25T14:28', 'America/New_York', 'at'],
		['2028-11-25T14:30', 'America/New_York', 'at'],
		['2026-13-25T14:30', 'America/New_York', 'at'],
		['soon', 'America/New_York', 'at'],
		['2026-11-26T14:30', 'Moon/Tranquility', 'timezone']
	])('when it is %s in %s, then a sentence says what is wrong with %s', (at, zone, field) => {
		expect(readCallBackTime(at, zone, NOW_MS)).toMatchObject({
			ok: false,
			field,
			sentence: expect.stringMatching(/\.$/)
		});
	});

	it('when a suggestion is taken at any moment in any zone, then it can be kept', () => {
		const moments = fc.integer({ min: NOW_MS, max: NOW_MS + 400 * 86_400_000 });
		fc.assert(
			fc.property(moments, fc.constantFrom(...ZONES), (nowMs, zone) => {
				const suggestions = suggestCallBacks(nowMs, zone);
				expect(suggestions.length).toBeGreaterThanOrEqual(2);
				for (const { at } of suggestions) {
					const read = readCallBackTime(at, zone, nowMs);
					expect(read.ok && wallTimeAt(read.dueAtMs, zone)).toBe(at);
				}
			}),
			{ numRuns: 200 }
		);
	});
});

describe('given a Friday', () => {
	it('when times are suggested, then they are of the lead and the weekend is left out', () => {
		const friday = Date.parse('2026-11-27T22:00:00Z');
		expect(suggestCallBacks(friday, 'Europe/London')).toEqual([
			{ label: 'In 1 hour', at: '2026-11-27T23:00' },
			{ label: 'Next workday, 10:00', at: '2026-11-30T10:00' }
		]);
	});
});
