import { applyEvent, type EventEffect } from '../call/apply-event';
import type { Call } from '../call/call';
import type { CallEvent } from '../call/event';
import { isTerminal } from '../call/status';
import type { Hold } from '../credit/types';
import type { ApplyDelivery, ApplySweep, BindProviderCall, CloseSubmit } from './commands';
import { CHECK_AFTER_SECONDS, type Decision } from './place';
import { settleCall } from './settle';
import { meterAtMs } from './slices';
import {
	joinChanges,
	providerCallKey,
	withChanges,
	type AppendedRows,
	type Changes,
	type LaneState,
	type UnmatchedDelivery
} from './state';

type EventSource = AppendedRows['statusEvents'][number]['source'];

/** Applies one verified delivery to the call it belongs to, or keeps it for a call yet to be bound. */
export function applyDelivery(
	state: LaneState,
	command: ApplyDelivery,
	nowMs: number
): Decision<'apply_delivery'> {
	const { event, deliveryId } = command;
	const answer = (
		kind: 'applied' | 'ignored' | 'unmatched' | 'failed',
		call: Call | null,
		note: string | null,
		changes: Changes = {}
	): Decision<'apply_delivery'> => ({
		result: { kind, callId: call?.id ?? null, note },
		changes: {
			...changes,
			rows: {
				...changes.rows,
				deliveries: [
					{
						id: deliveryId,
						state: kind,
						note,
						organizationId: call?.organizationId ?? null,
						callId: call?.id ?? null
					}
				]
			}
		}
	});

	const call = findCall(state, event);
	if (command.heldBack !== undefined) {
		const holds = call ? withCheckAt(state, call, nowMs) : [];
		return answer('ignored', call, command.heldBack, { holds });
	}
	if (event.problems.length > 0) {
		// Nonsense under a good signature: kept, and the provider is asked what is true.
		const holds = call ? withCheckAt(state, call, nowMs) : [];
		return answer('failed', call, event.problems.join(' '), { holds });
	}
	if (!call) return answer('unmatched', null, 'No call is known under this id yet.');
	if (call.providerCallId !== null && call.providerCallId !== event.providerCallId) {
		return answer('ignored', call, `The call is known as ${call.providerCallId}; this is another.`);
	}
	const bound: Call = {
		...call,
		providerCallId: event.providerCallId,
		submitState: 'accepted'
	};
	const { changes, note, effect } = decideEvent(state, bound, event, {
		source: 'provider',
		deliveryId,
		receivedAtMs: nowMs,
		nowMs
	});
	const conflicts = effect === 'none' && (event.status === null || isConflict(bound, event));
	return answer(conflicts ? 'ignored' : 'applied', call, note, changes);
}

function isConflict(call: Call, event: CallEvent): boolean {
	return isTerminal(call.status) && event.status !== null && isTerminal(event.status)
		? call.status !== event.status || (event.talkSeconds ?? 0) !== (call.talkSeconds ?? 0)
		: false;
}

function findCall(state: LaneState, event: CallEvent): Call | null {
	const known = state.callIdByProviderCall.get(
		providerCallKey(event.provider, event.providerCallId)
	);
	const call = state.calls.get(known ?? event.callId ?? '');
	return call && call.provider === event.provider ? call : null;
}

/** One event on one call: the call moves on, its books close when it ended, the event is kept. */
function decideEvent(
	state: LaneState,
	call: Call,
	event: CallEvent,
	heard: { source: EventSource; deliveryId: string | null; receivedAtMs: number; nowMs: number }
): { changes: Changes; effect: EventEffect; note: string | null } {
	const { source, deliveryId, receivedAtMs, nowMs } = heard;
	const applied = applyEvent(call, event, receivedAtMs);
	const endedNow = isTerminal(applied.call.status) && !isTerminal(call.status);
	const changes: Changes = endedNow
		? settleCall(state, applied.call, nowMs)
		: { calls: [applied.call], holds: heardOf(state, applied.call, nowMs) };
	return {
		effect: applied.effect,
		note: applied.note,
		changes: {
			...changes,
			rows: {
				...changes.rows,
				statusEvents: [
					{
						organizationId: call.organizationId,
						callId: call.id,
						deliveryId,
						source,
						status: event.status ?? 'unknown',
						rawStatus: event.rawStatus,
						effect: applied.effect,
						occurredAtMs: event.occurredAtMs ?? receivedAtMs,
						receivedAtMs
					}
				]
			}
		}
	};
}

/** Binds the provider's id to a call, and applies what had arrived under it before. */
export function bindProviderCall(
	state: LaneState,
	command: BindProviderCall,
	nowMs: number
): Decision<'bind_provider_call'> {
	const call = state.calls.get(command.callId);
	if (!call) return { result: { kind: 'unknown_call' }, changes: {} };
	const owner = state.callIdByProviderCall.get(
		providerCallKey(call.provider, command.providerCallId)
	);
	const isOfAnother = owner !== undefined && owner !== call.id;
	if (isOfAnother || (call.providerCallId ?? command.providerCallId) !== command.providerCallId) {
		return { result: { kind: 'already_bound' }, changes: {} };
	}
	const bound: Call = {
		...call,
		providerCallId: command.providerCallId,
		submitState: 'accepted'
	};
	const waiting = state.unmatched.get(providerCallKey(call.provider, command.providerCallId)) ?? [];
	let changes: Changes = { calls: [bound] };
	for (const delivery of waiting) {
		const next = claimWaiting(withChanges(state, changes), bound.id, delivery, nowMs);
		changes = joinChanges(changes, next);
	}
	return { result: { kind: 'bound' }, changes };
}

function claimWaiting(
	state: LaneState,
	callId: string,
	delivery: UnmatchedDelivery,
	nowMs: number
): Changes {
	const call = state.calls.get(callId);
	if (!call) throw new Error(`Call ${callId} was not read`);
	const { changes, note } = decideEvent(state, call, delivery.event, {
		source: 'provider',
		deliveryId: delivery.id,
		receivedAtMs: delivery.receivedAtMs,
		nowMs
	});
	return joinChanges(changes, {
		rows: {
			deliveries: [
				{
					id: delivery.id,
					state: 'applied',
					note,
					organizationId: call.organizationId,
					callId
				}
			]
		}
	});
}

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
	if (isTerminal(call.status) || call.providerCallId !== null) {
		return { result: { kind: 'call_went_on' }, changes: {} };
	}
	if (command.outcome === 'unknown') {
		return {
			result: { kind: 'closed' },
			changes: { calls: [{ ...call, submitState: 'unknown' }] }
		};
	}
	const failed = endWithoutProvider(call, command.endReason, nowMs);
	const changes = settleCall(state, { ...failed, submitState: 'refused' }, nowMs);
	return { result: { kind: 'closed' }, changes: withEndEvent(changes, failed, 'placed', nowMs) };
}

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
			const failed = endWithoutProvider(call, 'never_placed', nowMs);
			const changes = settleCall(state, failed, nowMs);
			return {
				result: { kind: 'swept', ended: true },
				changes: withEndEvent(changes, failed, 'sweep', nowMs)
			};
		}
		case 'event': {
			const owner = state.callIdByProviderCall.get(
				providerCallKey(call.provider, finding.event.providerCallId)
			);
			const isOfAnother =
				(owner !== undefined && owner !== call.id) ||
				(call.providerCallId ?? finding.event.providerCallId) !== finding.event.providerCallId;
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
				const later = checkLater(state, call, nowMs);
				return {
					result: { kind: 'swept', ended: false },
					changes: { ...later, calls: [bound] }
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

function checkLater(state: LaneState, call: Call, nowMs: number): Changes {
	return { holds: withCheckAt(state, call, nowMs + CHECK_AFTER_SECONDS * 1000) };
}

/**
 * A live call was heard of: the next question is put off, and from its answer on its slice is metered.
 * The row is only written when one of them moves: a row written for nothing costs as much.
 */
function heardOf(state: LaneState, call: Call, nowMs: number): Hold[] {
	const hold = state.openHolds.get(call.id);
	if (!hold) return [];
	const isSoon = hold.checkAtMs - nowMs < CHECK_AFTER_SECONDS * 500;
	const isNewlyAnswered = call.answeredAtMs !== null && hold.meterAtMs === null;
	if (!isSoon && !isNewlyAnswered) return [];
	return [
		{
			...hold,
			checkAtMs: nowMs + CHECK_AFTER_SECONDS * 1000,
			meterAtMs: hold.meterAtMs ?? meterAtMs(call, hold, nowMs)
		}
	];
}

function withCheckAt(state: LaneState, call: Call, checkAtMs: number): Hold[] {
	const hold = state.openHolds.get(call.id);
	return hold ? [{ ...hold, checkAtMs }] : [];
}

function endWithoutProvider(call: Call, endReason: string, nowMs: number): Call {
	return {
		...call,
		status: 'failed',
		endReason,
		endedAtMs: nowMs,
		talkSeconds: 0,
		billedMinutes: 0
	};
}

function withEndEvent(changes: Changes, call: Call, source: EventSource, nowMs: number): Changes {
	return {
		...changes,
		rows: {
			...changes.rows,
			statusEvents: [
				{
					organizationId: call.organizationId,
					callId: call.id,
					deliveryId: null,
					source,
					status: 'failed',
					rawStatus: call.endReason ?? '',
					effect: 'advanced',
					occurredAtMs: nowMs,
					receivedAtMs: nowMs
				}
			]
		}
	};
}
