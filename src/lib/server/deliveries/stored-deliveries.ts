/** Stored deliveries as they are tried again: by the worker, and by a person. */
import { eq } from 'drizzle-orm';
import type { AnotherTurn, Results } from '$lib/domain/lane/commands';
import type { Database } from '../db/client';
import { calls, deliveries } from '../db/schema/index';
import type { Services } from '../services';
import { applyVerified } from './apply-verified';

/** Deliveries with the call they belong to, as far as it is known. Callers add where, order and limit. */
export function selectStored(db: Database) {
	return db
		.select({
			delivery: deliveries,
			callStatus: calls.status,
			billedMinutes: calls.billedMinutes,
			cost: calls.cost
		})
		.from(deliveries)
		.leftJoin(calls, eq(calls.id, deliveries.callId))
		.$dynamic();
}

export type StoredRow = Awaited<ReturnType<typeof selectStored>>[number];

/**
 * Tries a stored delivery once more, under the id and the moment it was received with.
 * @returns null when what it said was removed, because it was kept long enough
 */
export async function applyAgain(
	services: Services,
	{ delivery }: StoredRow,
	turn: Pick<AnotherTurn, 'kind' | 'actor'>
): Promise<Results['apply_delivery'] | null> {
	if (delivery.event === null) return null;
	return applyVerified(services, {
		deliveryId: delivery.id,
		dedupeKey: delivery.dedupeKey,
		body: delivery.body,
		event: delivery.event,
		again: { ...turn, attempts: delivery.attempts, receivedAtMs: delivery.receivedAt.getTime() }
	});
}
