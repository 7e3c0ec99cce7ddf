/** The rows a delivery leaves: what became of it, when it is tried again, and what it told besides. */
import { nextTrySeconds, type Backoff } from '../backoff';
import type { Call } from '../call/call';
import type { CallEvent } from '../call/event';
import { readRecordingNews, readTranscriptNews } from '../call/facts';
import type { ApplyDelivery } from './commands';
import { audited } from './facts';
import type { Decision } from './place';
import type { AppendedRows } from './state';

/** A delivery that could not be applied is tried for about half a day: what keeps it is our own trouble. */
export const DELIVERY_BACKOFF: Backoff = {
	firstSeconds: 15,
	factor: 4,
	longestSeconds: 21_600,
	attemptsMax: 8
};

type DeliveryRow = AppendedRows['deliveries'][number];

/** What became of a delivery on this try. */
export function deliveryRow(
	command: ApplyDelivery,
	call: Call | null,
	state: DeliveryRow['state'],
	note: string | null,
	nowMs: number
): DeliveryRow {
	return {
		id: command.deliveryId,
		state,
		note,
		organizationId: call?.organizationId ?? null,
		callId: call?.id ?? null,
		attempts: (command.again?.attempts ?? 0) + 1,
		nextAttemptAtMs: state === 'received' ? nextTryAtMs(command, nowMs) : null
	};
}

/** The row of a delivery that broke what tried to apply it: the worker tries again. */
export function brokenDelivery(command: ApplyDelivery, note: string, nowMs: number): DeliveryRow {
	const row = deliveryRow(command, null, 'failed', note, nowMs);
	return { ...row, nextAttemptAtMs: nextTryAtMs(command, nowMs) };
}

/** Not applied yet, because what it says could not be confirmed: kept, and failed when no try is left. */
export function heldBackDelivery(
	command: ApplyDelivery,
	call: Call | null,
	nowMs: number
): Decision<'apply_delivery'> {
	const note = command.heldBack ?? null;
	const kind = nextTryAtMs(command, nowMs) === null ? 'failed' : 'received';
	const row = deliveryRow(command, call, kind, note, nowMs);
	return {
		result: { kind, callId: call?.id ?? null, note },
		changes: { rows: { deliveries: [row], audit: replayAudit(command, row, nowMs) } }
	};
}

function nextTryAtMs(command: ApplyDelivery, nowMs: number): number | null {
	const seconds = nextTrySeconds(DELIVERY_BACKOFF, (command.again?.attempts ?? 0) + 1);
	return seconds === null ? null : nowMs + seconds * 1000;
}

/** A person's replay is told in the audit log, in the transaction that replays. */
export function replayAudit(
	{ again }: ApplyDelivery,
	{ id, organizationId, state, note }: DeliveryRow,
	nowMs: number
): AppendedRows['audit'] {
	if (again?.kind !== 'replay') return [];
	const change = { before: { deliveryId: id, tries: again.attempts }, after: { state, note } };
	return [audited(organizationId, again.actor, 'delivery.replay', nowMs, change)];
}

/** The facts of an event that have rows of their own. */
export function factRows(
	call: Call,
	{ facts }: CallEvent,
	heardAtMs: number
): Pick<AppendedRows, 'recordings' | 'transcripts'> {
	const recording = facts.recording && readRecordingNews(call, facts.recording);
	const transcript = readTranscriptNews(call, facts, heardAtMs);
	return {
		recordings: recording ? [recording] : [],
		transcripts: transcript ? [transcript] : []
	};
}
