/**
 * Upper bounds, in seconds, of the buckets that answered calls are counted in by length of talk; the last
 * bucket has none. Daily rows keep counts, so percentiles of any period are read from the sum of its days.
 */
export const TALK_BUCKET_BOUNDS = [
	10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 3_600
] as const;
export const TALK_BUCKETS = TALK_BUCKET_BOUNDS.length + 1;

/** Which bucket a talk of so many seconds (more than none) is counted in, from 0. */
export function talkBucketOf(seconds: number): number {
	const index = TALK_BUCKET_BOUNDS.findIndex((bound) => seconds <= bound);
	return index === -1 ? TALK_BUCKET_BOUNDS.length : index;
}

/**
 * The length of talk that a share of the answered calls stays within, reckoned linearly inside its bucket.
 * @param counts calls per bucket
 * @param share from 0 to 1, for example 0.9
 * @param longest seconds of the longest call, the end of the last bucket
 * @returns whole seconds, or null when no call was answered
 */
export function talkPercentile(counts: number[], share: number, longest: number): number | null {
	const total = counts.reduce((sum, count) => sum + count, 0);
	if (total === 0) return null;
	const wanted = total * share;
	let before = 0;
	for (const [index, count] of counts.entries()) {
		if (count > 0 && before + count >= wanted) {
			const from = index === 0 ? 0 : (TALK_BUCKET_BOUNDS[index - 1] ?? 0);
			const to = Math.min(TALK_BUCKET_BOUNDS[index] ?? longest, longest);
			return Math.round(from + (Math.max(to, from) - from) * ((wanted - before) / count));
		}
		before += count;
	}
	return longest;
}
