import { isTerminal } from '../call/status';
import type { CloseSubmit } from './commands';
import { endWithoutProvider, withEndEvent } from './ends';
import type { Decision } from './place';
import { settleCall } from './settle';
import type { LaneState } from './state';

/**
 * Ends the submission of a call. Refused: it failed and its hold goes back. Unknown: it may be ringing
 * somewhere, so the hold stays and the sweeper asks (PROVIDERS.md section 0, point 6).
 * A callback that arrived first wins over a late answer.
 */
export function closeSubmit(
	state: LaneState,
	command: CloseSubmit,
	nowMs: number
): Decision<'close_submit'> {
	const call = state.calls.get(command.callId);
	if (!call) return { result: { kind: 'unknown_call' }, changes: {} };
	const hasGoneOn = call.providerCallId !== null || call.parentCallId !== null;
	if (isTerminal(call.status) || hasGoneOn) {
		return { result: { kind: 'call_went_on' }, changes: {} };
	}
	if (command.outcome === 'unknown') {
		const hold = state.openHolds.get(call.id);
		return {
			result: { kind: 'closed' },
			changes: {
				calls: [{ ...call, submitState: 'unknown' }],
				// It may have been placed just now: it is searched for once it can be found.
				holds: hold ? [{ ...hold, heardAtMs: nowMs }] : []
			}
		};
	}
	const status = command.outcome === 'refused' ? 'failed' : 'cancelled';
	const ended = endWithoutProvider(call, status, command.endReason, nowMs);
	const changes = settleCall(state, { ...ended, submitState: 'refused' }, nowMs);
	return { result: { kind: 'closed' }, changes: withEndEvent(changes, ended, 'placed', nowMs) };
}
