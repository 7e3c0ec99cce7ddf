import { applyEvent } from '../call/apply-event';
import { billedMinutes } from '../call/billing';
import type { Call } from '../call/call';
import { applyFacts } from '../call/facts';
import { isTerminal } from '../call/status';
import { coveredSeconds } from '../credit/types';
import { legOf } from './browser';
import type { ApplySweep } from './commands';
import { factRows } from './deliveries';
import { endWithoutProvider, withEndEvent } from './ends';
import { decideEvent, withCheckAt } from './events';
import { CHECK_AFTER_SECONDS, type Decision } from './place';
import { settleCall } from './settle';
import { providerCallKey, type Changes, type LaneState } from './state';

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
	switch (finding.kind) {
		case 'no_answer':
			return { result: { kind: 'swept', ended: false }, changes: checkLater(state, call, nowMs) };
		case 'never_existed': {
			if (isOutdated(call, command, nowMs)) {
				return { result: { kind: 'swept', ended: false }, changes: checkLater(state, call, nowMs) };
			}
			if (call.status === 'in_progress') return endUnheard(state, lost(state, call, nowMs), nowMs);
			const reason = call.device === 'browser' ? 'never_connected' : 'never_placed';
			return endUnheard(state, endWithoutProvider(call, 'failed', reason, nowMs), nowMs);
		}
		case 'never_dialled':
			if (call.providerCallId !== null) {
				return { result: { kind: 'swept', ended: false }, changes: checkLater(state, call, nowMs) };
			}
			return endUnheard(state, endWithoutProvider(call, 'cancelled', 'cancelled', nowMs), nowMs);
		case 'event': {
			const owner = state.callIdByProviderCall.get(
				providerCallKey(call.provider, finding.event.providerCallId)
			);
			const isOfAnother =
				(owner !== undefined && owner !== call.id) || legOf(call, finding.event) !== 'lead';
			if (isOfAnother || finding.event.problems.length > 0) {
				return { result: { kind: 'swept', ended: false }, changes: checkLater(state, call, nowMs) };
			}
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
						holds: holds.map((hold) => ({ ...hold, heardAtMs: nowMs })),
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
 * Whether the provider was asked before it could know the call, or for something else than what the call
 * is known as by now: its first callback may have come while the question was under way.
 */
function isOutdated(
	call: Call,
	{ askedProviderCallId }: Pick<ApplySweep, 'askedProviderCallId'>,
	nowMs: number
): boolean {
	const wasAskedForAnother = call.providerCallId !== askedProviderCallId;
	const hasConnectedSince = askedProviderCallId === null && call.parentCallId !== null;
	const isNew =
		askedProviderCallId !== null && nowMs - call.initiatedAtMs < CHECK_AFTER_SECONDS * 1000;
	return wasAskedForAnother || hasConnectedSince || isNew;
}

/**
 * A call that was answered and that its provider has no record of any more: no word of its end will ever
 * come. It is charged for its talk until now, at most for what was held, so that it owes nothing.
 */
function lost(state: LaneState, call: Call, nowMs: number): Call {
	const hold = state.openHolds.get(call.id);
	const elapsedSeconds = Math.ceil((nowMs - (call.answeredAtMs ?? nowMs)) / 1000);
	const talkSeconds = Math.max(0, Math.min(elapsedSeconds, hold ? coveredSeconds(hold) : 0));
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
