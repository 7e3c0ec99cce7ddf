import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptiesAtMs, minutesToEmpty } from './burn';

describe('minutesToEmpty', () => {
	it.each([
		[0, 0, 0],
		[-3, 10, 0],
		[100, 0, null],
		[60, 60, 60],
		[310, 149, 124.83],
		[1, 600, 0.1],
		[1_000_000, 1, null]
	])('given %i minutes and %i used in the last hour, then %s are left', (callable, used, left) => {
		const minutes = minutesToEmpty(callable, used);
		if (left === null) expect(minutes).toBeNull();
		else expect(minutes).toBeCloseTo(left, 2);
	});

	it('given more credit at the same pace, then it never lasts shorter', () => {
		const amount = fc.integer({ min: 0, max: 100_000 });
		fc.assert(
			fc.property(amount, amount, fc.integer({ min: 1, max: 10_000 }), (one, other, used) => {
				const [less, more] = one < other ? [one, other] : [other, one];
				const short = minutesToEmpty(less, used) ?? Infinity;
				expect(minutesToEmpty(more, used) ?? Infinity).toBeGreaterThanOrEqual(short);
			})
		);
	});
});

describe('emptiesAtMs', () => {
	it('given half an hour left, then it is the moment in half an hour', () => {
		expect(emptiesAtMs(30, 60, 1_000_000)).toBe(1_000_000 + 30 * 60_000);
		expect(emptiesAtMs(30, 0, 1_000_000)).toBeNull();
	});
});
