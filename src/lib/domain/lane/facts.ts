/** Rows that several decisions append in the same words. */
import type { Call } from '../call/call';
import type { Actor } from './commands';
import type { AppendedRows } from './state';

export function userOf(actor: Actor): string | null {
	return actor.kind === 'user' ? actor.userId : null;
}

type HistoryRow = AppendedRows['history'][number];

export function historyOf(
	actor: Actor,
	nowMs: number,
	fact: Omit<HistoryRow, 'allocatedBy' | 'allocatedAtMs'>
): HistoryRow {
	return { ...fact, allocatedBy: userOf(actor), allocatedAtMs: nowMs };
}

export function audited(
	organizationId: number | null,
	actor: Actor,
	action: string,
	nowMs: number,
	change: { before: object; after: object }
): AppendedRows['audit'][number] {
	return {
		organizationId,
		actorKind: actor.kind,
		actorUserId: userOf(actor),
		action,
		...change,
		...actor.from,
		createdAtMs: nowMs
	};
}

type StatusEvent = AppendedRows['statusEvents'][number];

/** A line of the timeline that no delivery told of: where the call is by our own word. */
export function ownEvent(
	{ id, organizationId, status }: Pick<Call, 'id' | 'organizationId' | 'status'>,
	nowMs: number,
	fact: Pick<StatusEvent, 'source' | 'rawStatus' | 'effect'>
): StatusEvent {
	return {
		organizationId,
		callId: id,
		deliveryId: null,
		status,
		...fact,
		occurredAtMs: nowMs,
		receivedAtMs: nowMs
	};
}
