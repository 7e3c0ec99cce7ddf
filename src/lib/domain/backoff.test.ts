import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextTrySeconds } from './backoff';

const BACKOFF = { firstSeconds: 30, factor: 4, longestSeconds: 3_600, attemptsMax: 6 };

describe('given something that failed', () => {
	it.each([
		[1, 30],
		[2, 120],
		[3, 480],
		[4, 1_920],
		[5, 3_600],
		[6, null],
		[7, null]
	])(
		'when it was tried %i times, then the next try comes after %s seconds',
		(attempts, seconds) => {
			expect(nextTrySeconds(BACKOFF, attempts)).toBe(seconds);
		}
	);

	it('when it fails again and again, then no wait is shorter than the one before, and it ends', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 20 }), (attempts) => {
				const wait = nextTrySeconds(BACKOFF, attempts);
				const next = nextTrySeconds(BACKOFF, attempts + 1);
				expect(wait === null).toBe(attempts >= BACKOFF.attemptsMax);
				if (wait !== null && next !== null) expect(next).toBeGreaterThanOrEqual(wait);
			})
		);
	});
});
