import type { CallStatus } from '../call/status';

/** Seconds after which the next event of a live call is overdue, and what it would have been. */
const EXPECTED: Partial<Record<CallStatus, { withinSeconds: number; words: string }>> = {
	// Twilio sends `initiated` within a second and `ringing` when the carrier answers (PROVIDERS.md 1.6).
	initiated: { withinSeconds: 60, words: 'ringing, or the end' },
	// Nobody lets it ring longer: 60 s by default, 120 s at most before a carrier gives up.
	ringing: { withinSeconds: 150, words: 'answered, or the end' }
};
/** A provider ends a call at its limit and says so a moment later. */
const END_SLACK_SECONDS = 60;

export interface LiveSilence {
	status: CallStatus;
	/** When the last event was heard, milliseconds since 1970 UTC. */
	heardAtMs: number;
	answeredAtMs: number | null;
	timeLimitSeconds: number;
}

/** What a live call should have said by now; null while nothing is overdue. */
export function overdueEvent(silence: LiveSilence, nowMs: number): string | null {
	const { status, heardAtMs, answeredAtMs, timeLimitSeconds } = silence;
	if (status === 'in_progress') {
		const endsAtMs = (answeredAtMs ?? heardAtMs) + (timeLimitSeconds + END_SLACK_SECONDS) * 1_000;
		return nowMs > endsAtMs ? 'the end' : null;
	}
	const expected = EXPECTED[status];
	if (!expected) return null;
	return nowMs - heardAtMs > expected.withinSeconds * 1_000 ? expected.words : null;
}
