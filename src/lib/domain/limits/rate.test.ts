import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY, levelAt } from './bucket';
import { takeTurn, type RateLimit } from './rate';

const LIMIT: RateLimit = { burst: 3, perSecond: 0.5 };

describe('a rate limit', () => {
	it('given a burst and then a pace, then so many are let in', () => {
		let bucket = EMPTY;
		const waits = [0, 0, 0, 0, 2_000, 2_000, 4_000].map((atMs) => {
			const turn = takeTurn(bucket, LIMIT, atMs);
			bucket = turn.bucket;
			return turn.waitSeconds;
		});
		expect(waits).toEqual([0, 0, 0, 2, 0, 2, 0]);
	});

	it('given any requests, then no more are let in than the burst and the pace allow, and whoever waits is let in', () => {
		fc.assert(
			fc.property(fc.array(fc.nat({ max: 5_000 }), { maxLength: 100 }), (pauses) => {
				let bucket = EMPTY;
				let nowMs = 1_000;
				let letIn = 0;
				for (const pauseMs of pauses) {
					nowMs += pauseMs;
					const { bucket: next, waitSeconds } = takeTurn(bucket, LIMIT, nowMs);
					bucket = next;
					if (waitSeconds === 0) letIn++;
					else expect(takeTurn(bucket, LIMIT, nowMs + waitSeconds * 1000).waitSeconds).toBe(0);
				}
				const elapsedSeconds = (nowMs - 1_000) / 1000;
				expect(letIn).toBeLessThanOrEqual(LIMIT.burst + elapsedSeconds * LIMIT.perSecond + 1e-6);
			})
		);
	});

	it('given a clock that was set back two hours, then nothing drains, and nothing more is refused than before', () => {
		const { bucket } = takeTurn(EMPTY, LIMIT, 7_200_000);
		expect(levelAt(bucket, LIMIT.perSecond, 0)).toBe(1);
		expect(takeTurn(bucket, LIMIT, 0).waitSeconds).toBe(0);
	});
});
