import { applyEvent } from '../call/apply-event';
import { billedMinutes } from '../call/billing';
import type { Call } from '../call/call';
import { applyFacts } from '../call/facts';
import { isTerminal } from '../call/status';
import { coveredSeconds, type Hold } from '../credit/types';
import { legOf } from './browser';
import type { ApplySweep } from './commands';
import { factRows } from './deliveries';
import { endWithoutProvider, withEndEvent } from './ends';
import { decideEvent, withCheckAt } from './events';
import { CHECK_AFTER_SECONDS, type Decision } from './place';
import { settleCall } from './settle';
import { providerCallKey, type Changes, type LaneState } from './state';

/** A call that was given to a provider, or moved, is found there within this time, or never was. */
const KNOWN_AFTER_SECONDS = 60;
/** A call that was answered is given up only when its provider has denied it for so long. */
const LOST_AFTER_SECONDS = 300;

/** Applies what the provider said when asked: it lives, it ended, it never was, or it did not answer. */
export function applySweep(
	state: LaneState,
	command: ApplySweep,
	nowMs: number
): Decision<'apply_sweep'> {
	const call = state.calls.get(command.callId);
	if (!call) return { result: { kind: 'unknown_call' }, changes: {} };
	if (isTerminal(call.status)) return { result: { kind: 'swept', ended: true }, changes: {} };
	const { finding } = command;
	const askLater = (): Decision<'apply_sweep'> => ({
		result: { kind: 'swept', ended: false },
		changes: checkLater(state, call, nowMs)
	});
	switch (finding.kind) {
		case 'no_answer':
			return askLater();
		case 'never_existed': {
			if (isOutdated(state, call, command, nowMs)) return askLater();
			const hold = state.openHolds.get(call.id);
			if (hold && command.asked.providerCallId !== null) {
				const denied = { ...hold, deniedSinceMs: hold.deniedSinceMs ?? nowMs };
				const patienceSeconds =
					call.status === 'in_progress' ? LOST_AFTER_SECONDS : CHECK_AFTER_SECONDS;
				if (nowMs - denied.deniedSinceMs < patienceSeconds * 1000) {
					const checkAtMs = nowMs + CHECK_AFTER_SECONDS * 1000;
					return {
						result: { kind: 'swept', ended: false },
						changes: { holds: [{ ...denied, checkAtMs }] }
					};
				}
				if (call.status === 'in_progress')
					return endUnheard(state, lost(call, denied, nowMs), nowMs);
			}
			const reason = call.device === 'browser' ? 'never_connected' : 'never_placed';
			return endUnheard(state, endWithoutProvider(call, 'failed', reason, nowMs), nowMs);
		}
		case 'never_dialled':
			if (call.providerCallId !== null) return askLater();
			return endUnheard(state, endWithoutProvider(call, 'cancelled', 'cancelled', nowMs), nowMs);
		case 'event': {
			const owner = state.callIdByProviderCall.get(
				providerCallKey(call.provider, finding.event.providerCallId)
			);
			const isOfAnother =
				finding.event.provider !== call.provider ||
				(owner !== undefined && owner !== call.id) ||
				legOf(call, finding.event) !== 'lead';
			if (isOfAnother || finding.event.problems.length > 0) return askLater();
			const bound: Call = {
				...call,
				providerCallId: call.providerCallId ?? finding.event.providerCallId,
				submitState: 'accepted'
			};
			const applied = applyEvent(bound, finding.event, nowMs);
			if (applied.effect !== 'advanced') {
				const { holds = [] } = checkLater(state, call, nowMs);
				const informed = applyFacts(bound, finding.event.facts, nowMs);
				return {
					result: { kind: 'swept', ended: false },
					changes: {
						calls: [informed],
						holds: holds.map((hold) => ({ ...hold, heardAtMs: nowMs, deniedSinceMs: null })),
						rows: factRows(bound, finding.event, nowMs)
					}
				};
			}
			const { changes } = decideEvent(state, bound, finding.event, {
				source: 'sweep',
				deliveryId: null,
				receivedAtMs: nowMs,
				nowMs
			});
			return {
				result: { kind: 'swept', ended: isTerminal(applied.call.status) },
				changes
			};
		}
	}
}

/**
 * Whether the answer says nothing of the call as it is by now: another provider was asked, or it was asked
 * for something else than what the call is known as, because its first callback came meanwhile, or it was
 * searched before it could be found.
 */
function isOutdated(state: LaneState, call: Call, { asked }: ApplySweep, nowMs: number): boolean {
	if (call.provider !== asked.provider || call.providerCallId !== asked.providerCallId) return true;
	if (asked.providerCallId !== null) return false;
	if (call.parentCallId !== null) return true;
	const hold = state.openHolds.get(call.id);
	const knownSinceMs =
		call.device === 'browser' ? call.initiatedAtMs : (hold?.heardAtMs ?? call.initiatedAtMs);
	return nowMs - knownSinceMs < KNOWN_AFTER_SECONDS * 1000;
}

/**
 * A call that was answered and that its provider has denied for minutes: no word of its end will ever come.
 * It is charged until it was first denied, at most for what was held.
 */
function lost(call: Call, hold: Hold & { deniedSinceMs: number }, nowMs: number): Call {
	const { deniedSinceMs } = hold;
	const elapsedSeconds = Math.ceil((deniedSinceMs - (call.answeredAtMs ?? deniedSinceMs)) / 1000);
	const talkSeconds = Math.max(0, Math.min(elapsedSeconds, coveredSeconds(hold)));
	return {
		...call,
		status: 'completed',
		endReason: 'lost',
		endedAtMs: nowMs,
		talkSeconds,
		billedMinutes: billedMinutes(talkSeconds)
	};
}

function endUnheard(state: LaneState, ended: Call, nowMs: number): Decision<'apply_sweep'> {
	const changes = settleCall(state, ended, nowMs);
	return {
		result: { kind: 'swept', ended: true },
		changes: withEndEvent(changes, ended, 'sweep', nowMs)
	};
}

function checkLater(state: LaneState, call: Call, nowMs: number): Changes {
	return { holds: withCheckAt(state, call, nowMs + CHECK_AFTER_SECONDS * 1000) };
}
