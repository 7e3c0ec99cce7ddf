import { and, desc, lt } from 'drizzle-orm';
import type { ListDeliveriesInput } from '$lib/inputs';
import type { DeliveryView, Page } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { deliveries } from '../db/schema/index';
import { filterDeliveries, toDeliveryView } from './delivery-rows';
import { selectStored } from './stored-deliveries';

const PAGE_ROWS = 50;

/** Deliveries, newest first: what came in, what became of it, and what still waits. */
export async function listDeliveries({
	ctx,
	input
}: {
	ctx: Context;
	input: ListDeliveriesInput;
}): Promise<Page<DeliveryView>> {
	requirePermission(ctx, 'deliveries.read');
	const { cursor, ...filter } = input;
	const rows = await selectStored(ctx.services.database.db)
		.where(
			and(...filterDeliveries(filter), cursor === undefined ? undefined : lt(deliveries.id, cursor))
		)
		.orderBy(desc(deliveries.id))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	return {
		rows: shown.map(toDeliveryView),
		nextCursor: rows.length > PAGE_ROWS ? (shown.at(-1)?.delivery.id ?? null) : null
	};
}
