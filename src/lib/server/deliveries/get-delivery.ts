import { eq } from 'drizzle-orm';
import type { DeliveryIdInput } from '$lib/inputs';
import type { DeliveryDetailView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { deliveries } from '../db/schema/index';
import { AppError } from '../errors';
import { toDeliveryView } from './delivery-rows';
import { selectStored } from './stored-deliveries';

/** One delivery with its body, secrets taken out. */
export async function getDelivery({
	ctx,
	input
}: {
	ctx: Context;
	input: DeliveryIdInput;
}): Promise<DeliveryDetailView> {
	requirePermission(ctx, 'deliveries.read');
	const [row] = await selectStored(ctx.services.database.db).where(
		eq(deliveries.id, input.deliveryId)
	);
	if (!row) throw new AppError('not_found', 'There is no such delivery.');
	return { ...toDeliveryView(row), body: row.delivery.body };
}
