import { eq, gte, lt, type SQL } from 'drizzle-orm';
import { formatMicros } from '$lib/domain/money';
import type { DeliveryFilter } from '$lib/inputs';
import type { DeliveryOutcomeView, DeliveryView } from '$lib/views';
import { deliveries } from '../db/schema/index';
import type { StoredRow } from './stored-deliveries';

export function filterDeliveries(filter: DeliveryFilter): (SQL | undefined)[] {
	const { provider, state, callId, providerCallId, receivedFrom, receivedUntil } = filter;
	return [
		provider && eq(deliveries.provider, provider),
		state && eq(deliveries.state, state),
		callId === undefined ? undefined : eq(deliveries.callId, callId),
		providerCallId === undefined ? undefined : eq(deliveries.providerCallId, providerCallId),
		receivedFrom === undefined ? undefined : gte(deliveries.receivedAt, new Date(receivedFrom)),
		receivedUntil === undefined ? undefined : lt(deliveries.receivedAt, new Date(receivedUntil))
	];
}

export function toOutcome({
	delivery,
	callStatus,
	billedMinutes,
	cost
}: StoredRow): DeliveryOutcomeView {
	return {
		state: delivery.state,
		note: delivery.note,
		attempts: delivery.attempts,
		callStatus,
		billedMinutes,
		cost: cost === null ? null : formatMicros(cost, 6)
	};
}

export function toDeliveryView(row: StoredRow): DeliveryView {
	const { delivery } = row;
	return {
		...toOutcome(row),
		id: delivery.id,
		provider: delivery.provider,
		organizationId: delivery.organizationId,
		callId: delivery.callId,
		providerCallId: delivery.providerCallId,
		rawStatus: delivery.event?.rawStatus ?? null,
		status: delivery.event?.status ?? null,
		repeats: delivery.repeats,
		nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
		bodyRemovedAt: delivery.bodyRemovedAt?.toISOString() ?? null,
		lagMs: lagOf(delivery),
		receivedAt: delivery.receivedAt.toISOString()
	};
}

function lagOf({ event, receivedAt }: StoredRow['delivery']): number | null {
	if (!event?.occurredAtMs) return null;
	return Math.max(0, receivedAt.getTime() - event.occurredAtMs);
}
