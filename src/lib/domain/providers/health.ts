/**
 * Whether calls may go through a provider: a circuit breaker. It opens when the provider stops answering,
 * lets one call try after a while, and closes when that one was answered. Pure: the moment is passed in.
 */

/** Failures in a row that open it. */
export const FAILURES_TO_OPEN = 5;
/** Or this share of at least so many attempts of the last minute. */
export const WINDOW_MS = 60_000;
const WINDOW_ATTEMPTS_MIN = 20;
const WINDOW_ERROR_RATE = 0.6;
/** How long it stays open; each time in a row twice as long. */
const OPEN_MS = 30_000;
const OPEN_MS_MAX = 300_000;
/** A try that nobody heard of again makes room for the next one. */
const PROBE_PATIENCE_MS = 60_000;
const ATTEMPTS_KEPT_MAX = 500;

export interface Circuit {
	state: 'closed' | 'open' | 'half_open';
	/** Attempts of the last minute, oldest first. */
	attempts: { atMs: number; isAnswered: boolean }[];
	failuresInARow: number;
	/** Times it was opened without having closed between. */
	openings: number;
	/** Open: when the next try is due. Half open: when the one under way is given up. */
	waitsUntilMs: number;
	lastSuccessAtMs: number | null;
	lastFailureAtMs: number | null;
}

export const NEW_CIRCUIT: Circuit = {
	state: 'closed',
	attempts: [],
	failuresInARow: 0,
	openings: 0,
	waitsUntilMs: 0,
	lastSuccessAtMs: null,
	lastFailureAtMs: null
};

/** Whether an attempt would be let through now. */
export function mayTry(circuit: Circuit, nowMs: number): boolean {
	return circuit.state === 'closed' || nowMs >= circuit.waitsUntilMs;
}

/**
 * Lets an attempt through, or not. Of an open circuit one attempt is let through when its time has come.
 * @returns the circuit with the attempt under way; null when it may not be made
 */
export function tryNow(circuit: Circuit, nowMs: number): Circuit | null {
	if (!mayTry(circuit, nowMs)) return null;
	if (circuit.state === 'closed') return circuit;
	return { ...circuit, state: 'half_open', waitsUntilMs: nowMs + PROBE_PATIENCE_MS };
}

/** The circuit after an attempt. What it refused the caller for is an answer; only silence is not. */
export function afterAttempt(circuit: Circuit, isAnswered: boolean, nowMs: number): Circuit {
	const recent = circuit.attempts.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
	const attempts = [...recent, { atMs: nowMs, isAnswered }].slice(-ATTEMPTS_KEPT_MAX);
	if (isAnswered) {
		const wasClosed = circuit.state === 'closed';
		return {
			...circuit,
			state: 'closed',
			attempts: wasClosed ? attempts : attempts.slice(-1),
			failuresInARow: 0,
			openings: 0,
			lastSuccessAtMs: nowMs
		};
	}
	const failed: Circuit = {
		...circuit,
		attempts,
		failuresInARow: circuit.failuresInARow + 1,
		lastFailureAtMs: nowMs
	};
	// What was under way when it opened says nothing new.
	if (circuit.state === 'open') return failed;
	const isWorse = circuit.state === 'half_open' || isDown(failed);
	return isWorse ? opened(failed, nowMs) : failed;
}

function isDown({ failuresInARow, attempts }: Circuit): boolean {
	const isRateHigh =
		attempts.length >= WINDOW_ATTEMPTS_MIN && rateOf(attempts) >= WINDOW_ERROR_RATE;
	return failuresInARow >= FAILURES_TO_OPEN || isRateHigh;
}

function opened(circuit: Circuit, nowMs: number): Circuit {
	const openMs = Math.min(OPEN_MS * 2 ** circuit.openings, OPEN_MS_MAX);
	return {
		...circuit,
		state: 'open',
		openings: circuit.openings + 1,
		waitsUntilMs: nowMs + openMs
	};
}

function rateOf(attempts: Circuit['attempts']): number {
	const failures = attempts.filter(({ isAnswered }) => !isAnswered).length;
	return attempts.length === 0 ? 0 : failures / attempts.length;
}

/** Share of the attempts of the last minute that were not answered, 0 to 1. */
export function errorRate(circuit: Circuit, nowMs: number): number {
	return rateOf(circuit.attempts.filter(({ atMs }) => atMs > nowMs - WINDOW_MS));
}
