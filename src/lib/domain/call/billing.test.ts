import fc from 'fast-check';
import { expect, it } from 'vitest';
import { billedMinutes } from './billing';
import { TALK_SECONDS_MAX } from './event';

it.each([
	[0, 0],
	[1, 1],
	[59, 1],
	[60, 1],
	[61, 2],
	[119, 2],
	[120, 2],
	[121, 3],
	[3_600, 60],
	[3_601, 61],
	[TALK_SECONDS_MAX, 1_440]
])('given %i seconds of talk, then %i minutes are billed', (seconds, minutes) => {
	expect(billedMinutes(seconds)).toBe(minutes);
});

it('given any talk, then every started minute is billed and no other', () => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: TALK_SECONDS_MAX }), (seconds) => {
			const minutes = billedMinutes(seconds);
			expect(Number.isInteger(minutes)).toBe(true);
			expect(minutes * 60).toBeGreaterThanOrEqual(seconds);
			expect(minutes * 60 - seconds).toBeLessThan(60);
		})
	);
});
