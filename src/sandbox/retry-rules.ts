/**
 * Twilio's connection overrides: rules in the fragment of a callback URL (PROVIDERS.md 1.6).
 * `ct`, `rt`, `tt` are real milliseconds, `rc` counts retries after the first attempt.
 */
export interface RetryRules {
	connectTimeoutMs: number;
	readTimeoutMs: number;
	totalTimeMs: number;
	retryCount: number;
	retryOn: ReadonlySet<FailureKind>;
}

/** ct: no connection; rt: no answer in time or a cut line; 4xx and 5xx: an error answer. */
export type FailureKind = 'ct' | 'rt' | '4xx' | '5xx';

const ALL_FAILURES: readonly FailureKind[] = ['ct', 'rt', '4xx', '5xx'];

function readBounded(text: string | null, lowest: number, highest: number, usual: number): number {
	if (text === null || !/^\d+$/.test(text)) return usual;
	return Math.min(highest, Math.max(lowest, Number(text)));
}

/** Reads the retry rules of a callback URL; what is missing or malformed keeps Twilio's default. */
export function readRetryRules(callbackUrl: string): RetryRules {
	const hashAt = callbackUrl.indexOf('#');
	const fragment = new URLSearchParams(hashAt < 0 ? '' : callbackUrl.slice(hashAt + 1));
	const named = (fragment.get('rp') ?? '').split(/[,|\s]+/);
	const chosen = named.includes('all')
		? ALL_FAILURES
		: ALL_FAILURES.filter((kind) => named.includes(kind));
	return {
		connectTimeoutMs: readBounded(fragment.get('ct'), 100, 10_000, 5_000),
		readTimeoutMs: readBounded(fragment.get('rt'), 100, 15_000, 15_000),
		totalTimeMs: readBounded(fragment.get('tt'), 100, 15_000, 15_000),
		retryCount: readBounded(fragment.get('rc'), 0, 5, 1),
		retryOn: new Set(chosen.length === 0 ? ['ct'] : chosen)
	};
}

/** The callback URL as it goes over the wire and into the signature: without its fragment. */
export function withoutFragment(callbackUrl: string): string {
	return callbackUrl.replace(/#.*$/s, '');
}
