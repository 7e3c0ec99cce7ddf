import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TALK_BUCKET_BOUNDS, TALK_BUCKETS, talkBucketOf, talkPercentile } from './talk-buckets';

describe('given lengths of talk', () => {
	it.each([
		[1, 0],
		[10, 0],
		[11, 1],
		[60, 4],
		[61, 5],
		[3_600, TALK_BUCKETS - 2],
		[3_601, TALK_BUCKETS - 1]
	])('when a call talked %i seconds, then bucket %i counts it', (seconds, bucket) => {
		expect(talkBucketOf(seconds)).toBe(bucket);
	});

	it('when nobody was answered, then there is no percentile', () => {
		expect(talkPercentile(new Array<number>(TALK_BUCKETS).fill(0), 0.5, 0)).toBeNull();
	});

	it('when any calls talked, then a percentile lies in the bucket of the true one', () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 1, max: 7_200 }), { minLength: 1, maxLength: 200 }),
				fc.constantFrom(0.5, 0.9),
				(talks, share) => {
					const sorted = [...talks].sort((first, second) => first - second);
					const counts = Array.from(
						{ length: TALK_BUCKETS },
						(_, bucket) => talks.filter((seconds) => talkBucketOf(seconds) === bucket).length
					);
					const longest = sorted.at(-1) ?? 0;
					const truth = sorted[Math.ceil(talks.length * share) - 1] ?? 0;
					const reckoned = talkPercentile(counts, share, longest) ?? NaN;
					const bucket = talkBucketOf(truth);
					expect(reckoned).toBeGreaterThanOrEqual(TALK_BUCKET_BOUNDS[bucket - 1] ?? 0);
					expect(reckoned).toBeLessThanOrEqual(TALK_BUCKET_BOUNDS[bucket] ?? longest);
				}
			)
		);
	});
});
