/** Rows that several decisions append in the same words. */
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
