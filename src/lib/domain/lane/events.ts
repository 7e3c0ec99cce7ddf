import { applyEvent, isOtherEnd, type EventEffect } from '../call/apply-event';
import type { Call } from '../call/call';
import type { CallEvent } from '../call/event';
import { isTerminal } from '../call/status';
import type { Hold } from '../credit/types';
import type { ApplyDelivery, BindProviderCall } from './commands';
import { hearBrowserLeg, legOf } from './browser';
import { deliveryRow, factRows, heldBackDelivery, replayAudit } from './deliveries';
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
	const { event, deliveryId, again } = command;
	const call = findCall(state, event);
	const answer = (
		kind: 'received' | 'applied' | 'ignored' | 'unmatched' | 'failed',
		note: string | null,
		changes: Changes = {}
	): Decision<'apply_delivery'> => {
		const row = deliveryRow(command, call, kind, note, nowMs);
		const rows = { deliveries: [row], audit: replayAudit(command, row, nowMs) };
		return {
			result: { kind, callId: call?.id ?? null, note },
			changes: joinChanges(changes, { rows })
		};
	};

	if (command.heldBack !== undefined) {
		const holds = call ? withCheckAt(state, call, nowMs) : [];
		const held = heldBackDelivery(command, call, nowMs);
		return { ...held, changes: joinChanges(held.changes, { holds }) };
	}
	if (event.problems.length > 0) {
		// Nonsense under a good signature: kept, and the provider is asked what is true.
		const holds = call ? withCheckAt(state, call, nowMs) : [];
		return answer('failed', event.problems.join(' '), { holds });
	}
	if (!call) return answer('unmatched', 'No call is known under this id yet.');
	// Facts are believed of any leg: a recording is named after the browser's (PROVIDERS.md 1.6).
	const leg = event.kind === 'facts' ? 'lead' : legOf(call, event);
	if (leg === 'another') {
		const known = call.providerCallId ?? call.parentCallId ?? 'not connected';
		return answer('ignored', `The call is known as ${known}; this is another.`);
	}
	if (leg === 'browser') {
		const note = "The browser's own leg moves nothing.";
		return answer('applied', note, hearBrowserLeg(state, call, event, nowMs));
	}
	const bound: Call =
		event.kind === 'facts'
			? call
			: { ...call, providerCallId: event.providerCallId, submitState: 'accepted' };
	const { changes, note } = decideEvent(state, bound, event, {
		source: 'provider',
		deliveryId,
		isAgain: again !== undefined,
		receivedAtMs: again?.receivedAtMs ?? nowMs,
		nowMs
	});
	const isUnknown = event.kind === 'status' && event.status === null;
	const kind = isUnknown || isOtherEnd(bound, event) ? 'ignored' : 'applied';
	const decision = answer(kind, note, changes);
	const lives = event.status !== null && !isTerminal(event.status);
	if (!wasGivenUp(call) || !lives) return decision;
	return { ...decision, result: { ...decision.result, mustEnd: bound } };
}

/** It ended because its provider did not know it: nobody meters it any more. */
function wasGivenUp(call: Call): boolean {
	return (
		isTerminal(call.status) && (call.endReason === 'never_placed' || call.endReason === 'lost')
	);
}

function findCall(state: LaneState, event: CallEvent): Call | null {
	const known = state.callIdByProviderCall.get(
		providerCallKey(event.provider, event.providerCallId)
	);
	const call = state.calls.get(known ?? event.callId ?? '');
	return call && call.provider === event.provider ? call : null;
}

interface Heard {
	source: EventSource;
	deliveryId: string | null;
	/** It was applied before: what it does not change now is not told a second time. */
	isAgain?: boolean;
	receivedAtMs: number;
	nowMs: number;
}

/** One event on one call: the call moves on, its books close when it ended, the event is kept. */
export function decideEvent(
	state: LaneState,
	call: Call,
	event: CallEvent,
	heard: Heard
): { changes: Changes; effect: EventEffect; note: string | null } {
	const { receivedAtMs, nowMs } = heard;
	const applied = applyEvent(call, event, receivedAtMs);
	const endedNow = isTerminal(applied.call.status) && !isTerminal(call.status);
	const changes: Changes = endedNow
		? settleCall(state, applied.call, nowMs)
		: { calls: [applied.call], holds: heardOf(state, applied.call, nowMs) };
	return {
		effect: applied.effect,
		note: applied.note,
		changes: joinChanges(changes, {
			rows: {
				...factRows(call, event, receivedAtMs),
				statusEvents: statusEventOf(call, event, heard, applied.effect),
				endConflicts: endConflictOf(call, event, heard)
			}
		})
	};
}

/** The line of the timeline. Facts have none: they tell nothing of where the call is. */
function statusEventOf(
	call: Call,
	event: CallEvent,
	heard: Heard,
	effect: EventEffect
): AppendedRows['statusEvents'] {
	if (event.kind === 'facts' || (heard.isAgain && effect === 'none')) return [];
	const { source, deliveryId, receivedAtMs } = heard;
	return [
		{
			organizationId: call.organizationId,
			callId: call.id,
			deliveryId,
			source,
			status: event.status ?? 'unknown',
			rawStatus: event.rawStatus,
			effect,
			occurredAtMs: event.occurredAtMs ?? receivedAtMs,
			receivedAtMs
		}
	];
}

function endConflictOf(
	call: Call,
	event: CallEvent,
	{ deliveryId, nowMs }: Heard
): AppendedRows['endConflicts'] {
	if (deliveryId === null || !isOtherEnd(call, event)) return [];
	return [
		{
			deliveryId,
			organizationId: call.organizationId,
			callId: call.id,
			ourStatus: call.status,
			ourSeconds: call.talkSeconds ?? 0,
			saidStatus: event.status ?? 'unknown',
			saidSeconds: event.talkSeconds,
			createdAtMs: nowMs
		}
	];
}

/**
 * Binds the provider's id to a call, and applies what had arrived under it before. Of a call that has
 * ended already, because nobody knew it was being placed, it is said that this comes late.
 */
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
	const isLate = isTerminal(call.status) && (call.providerCallId === null || wasGivenUp(call));
	return { result: { kind: isLate ? 'bound_late' : 'bound' }, changes };
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
					callId,
					attempts: 1,
					nextAttemptAtMs: null
				}
			]
		}
	});
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
	if (!isSoon && !isNewlyAnswered && hold.deniedSinceMs === null) return [];
	return [
		{
			...hold,
			heardAtMs: nowMs,
			deniedSinceMs: null,
			checkAtMs: nowMs + CHECK_AFTER_SECONDS * 1000,
			meterAtMs: hold.meterAtMs ?? meterAtMs(call, hold, nowMs)
		}
	];
}

export function withCheckAt(state: LaneState, call: Call, checkAtMs: number): Hold[] {
	const hold = state.openHolds.get(call.id);
	return hold ? [{ ...hold, checkAtMs }] : [];
}
