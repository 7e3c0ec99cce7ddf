import { and, asc, eq, inArray } from 'drizzle-orm';
import type { DeliveryFilter, DeliveryIdInput, ReplayDeliveriesInput } from '$lib/inputs';
import type { ReplayView } from '$lib/views';
import { actorOf, requirePermission } from '../authorize';
import type { Context } from '../context';
import { deliveries } from '../db/schema/index';
import { AppError } from '../errors';
import { filterDeliveries, toOutcome } from './delivery-rows';
import { applyAgain, selectStored, type StoredRow } from './stored-deliveries';

/**
 * Applies one stored delivery again, whatever became of it. What it did before it does not do twice.
 * @throws AppError `not_found`, or `conflict` when what it said was removed
 */
export async function replayDelivery({
	ctx,
	input
}: {
	ctx: Context;
	input: DeliveryIdInput;
}): Promise<ReplayView> {
	requirePermission(ctx, 'deliveries.replay');
	const [row] = await selectStored(ctx.services.database.db).where(
		eq(deliveries.id, input.deliveryId)
	);
	if (!row) throw new AppError('not_found', 'There is no such delivery.');
	const [replayed] = await replayRows(ctx, [row]);
	if (!replayed) {
		throw new AppError('conflict', 'What this delivery said was removed; it was kept long enough.');
	}
	return replayed;
}

/** Applies every delivery the filter names again, oldest first. One that was emptied is left out. */
export async function replayDeliveries({
	ctx,
	input
}: {
	ctx: Context;
	input: ReplayDeliveriesInput;
}): Promise<{ replayed: ReplayView[]; emptied: number }> {
	requirePermission(ctx, 'deliveries.replay');
	const { limit, ...filter } = input;
	const rows = await selectStored(ctx.services.database.db)
		.where(and(...filterDeliveries(filter satisfies DeliveryFilter)))
		.orderBy(asc(deliveries.receivedAt), asc(deliveries.id))
		.limit(limit);
	const replayed = await replayRows(ctx, rows);
	return { replayed, emptied: rows.length - replayed.length };
}

async function replayRows(ctx: Context, rows: StoredRow[]): Promise<ReplayView[]> {
	const actor = actorOf(ctx);
	const alive = rows.filter(({ delivery }) => delivery.event !== null);
	if (alive.length === 0) return [];
	await Promise.all(alive.map((row) => applyAgain(ctx.services, row, { kind: 'replay', actor })));
	const ids = alive.map(({ delivery }) => delivery.id);
	const now = await selectStored(ctx.services.database.db).where(inArray(deliveries.id, ids));
	const byId = new Map(now.map((row) => [row.delivery.id, row]));
	return alive.map((before) => ({
		deliveryId: before.delivery.id,
		before: toOutcome(before),
		after: toOutcome(byId.get(before.delivery.id) ?? before)
	}));
}
