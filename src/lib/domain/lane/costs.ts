import { nextTrySeconds, type Backoff } from '../backoff';
import { applyFacts, COST_GIVEN_UP_AFTER_MS } from '../call/facts';
import type { RecordCost } from './commands';
import type { Decision } from './place';
import type { LaneState } from './state';

/** Prices come minutes after the end; asked less and less often, for a day (PROVIDERS.md 1.10). */
const COST_BACKOFF: Backoff = {
	firstSeconds: 120,
	factor: 2,
	longestSeconds: 14_400,
	attemptsMax: 100
};

/**
 * Books what a provider charges us for a call, or that it does not say so yet. Our cost, never the
 * customer's: no credit moves.
 */
export function recordCost(
	state: LaneState,
	command: RecordCost,
	nowMs: number
): Decision<'record_cost'> {
	const call = state.calls.get(command.callId);
	if (!call) return { result: { kind: 'unknown_call' }, changes: {} };
	if (command.cost !== null) {
		const informed = applyFacts(call, { cost: command.cost }, nowMs);
		return { result: { kind: 'known' }, changes: informed === call ? {} : { calls: [informed] } };
	}
	if (call.costState !== 'pending') return { result: { kind: 'not_waited_for' }, changes: {} };
	const costAttempts = call.costAttempts + 1;
	if (nowMs - (call.endedAtMs ?? nowMs) >= COST_GIVEN_UP_AFTER_MS) {
		return {
			result: { kind: 'given_up' },
			changes: {
				calls: [{ ...call, costState: 'unavailable', costCheckAtMs: null, costAttempts }]
			}
		};
	}
	const seconds = nextTrySeconds(COST_BACKOFF, costAttempts) ?? COST_BACKOFF.longestSeconds;
	return {
		result: { kind: 'asked_again_later' },
		changes: { calls: [{ ...call, costCheckAtMs: nowMs + seconds * 1000, costAttempts }] }
	};
}
