/** How long to wait before something is tried again. */
export interface Backoff {
	/** Seconds before the second try. */
	firstSeconds: number;
	/** By how much each wait is longer than the one before. */
	factor: number;
	longestSeconds: number;
	/** Tries in all, the first one included. */
	attemptsMax: number;
}

/**
 * Seconds until the next try.
 * @param attempts tries there have been, at least one
 * @returns null when no try is left
 */
export function nextTrySeconds(backoff: Backoff, attempts: number): number | null {
	if (attempts >= backoff.attemptsMax) return null;
	const seconds = backoff.firstSeconds * backoff.factor ** (attempts - 1);
	return Math.min(seconds, backoff.longestSeconds);
}
