/** Splits a period into parts no longer than a provider lists at once, oldest first. */
export function* splitPeriod(
	{ fromMs, toMs }: { fromMs: number; toMs: number },
	longestMs: number
): Generator<{ fromMs: number; toMs: number }> {
	for (let startMs = fromMs; startMs < toMs; startMs += longestMs) {
		yield { fromMs: startMs, toMs: Math.min(startMs + longestMs, toMs) };
	}
}
