import { and, eq } from 'drizzle-orm';
import type { CallEvent } from '$lib/domain/call/event';
import type { JsonObject } from '$lib/domain/json';
import type { DeliveryIdInput } from '$lib/inputs';
import type { DeliveryDetailView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { callStatusEvents, deliveries } from '../db/schema/index';
import { AppError } from '../errors';
import { toDeliveryView } from './delivery-rows';
import { selectStored } from './stored-deliveries';

const NOBODY = '00000000-0000-0000-0000-000000000000';

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
	const effects = await ctx.services.database.db
		.select({
			status: callStatusEvents.status,
			effect: callStatusEvents.effect,
			occurredAt: callStatusEvents.occurredAt
		})
		.from(callStatusEvents)
		.where(
			and(
				eq(callStatusEvents.callId, row.delivery.callId ?? NOBODY),
				eq(callStatusEvents.deliveryId, row.delivery.id)
			)
		)
		.orderBy(callStatusEvents.id);
	return {
		...toDeliveryView(row),
		body: row.delivery.body,
		event: row.delivery.event && toJson(row.delivery.event),
		effects: effects.map((one) => ({ ...one, occurredAt: one.occurredAt.toISOString() }))
	};
}

/** An event is kept as JSON, so it reads as JSON. */
function toJson(event: CallEvent): JsonObject {
	return JSON.parse(JSON.stringify(event)) as JsonObject;
}
