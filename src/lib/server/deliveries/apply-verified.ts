/**
 * A verified delivery on its way through the lane. One path for all three occasions: when it comes in,
 * when the worker tries again, and when a person replays it. What its provider did not sign is confirmed
 * before it moves money. Told in one line of the log each time.
 */
import { and, eq } from 'drizzle-orm';
import { billedMinutes } from '$lib/domain/call/billing';
import type { CallEvent } from '$lib/domain/call/event';
import { redactSecrets } from '$lib/domain/deliveries/redact';
import type { JsonObject } from '$lib/domain/json';
import type { AnotherTurn, Results } from '$lib/domain/lane/commands';
import { formatMicros, parseMicros } from '$lib/domain/money';
import { maskPhone } from '$lib/domain/phone';
import { endGivenUp } from '../calls/end-given-up';
import { deliveries } from '../db/schema/index';
import type { Services } from '../services';
import { confirmEvent, type Confirmed } from './confirm';

export interface VerifiedDelivery {
	deliveryId: string;
	dedupeKey: string;
	body: JsonObject;
	event: CallEvent;
	again?: AnotherTurn;
	/** Who was called, where the body does not say it under Twilio's name; for the log. */
	to?: string | undefined;
}

/** @throws LaneUnavailable when it could not be stored */
export async function applyVerified(
	services: Services,
	delivery: VerifiedDelivery
): Promise<Results['apply_delivery']> {
	const { deliveryId, dedupeKey, body, again } = delivery;
	const confirmed = await confirmNews(services, delivery);
	const { event } = confirmed;
	const result = await services.lane.submit({
		kind: 'apply_delivery',
		deliveryId,
		dedupeKey,
		body: redactSecrets(body),
		...confirmed,
		...(again && { again })
	});
	services.log.info(
		{
			provider: event.provider,
			call: result.callId,
			providerCall: event.providerCallId,
			raw: delivery.event.rawStatus,
			status: event.status,
			talkSeconds: event.talkSeconds,
			...costFields(event),
			to: maskPhone(delivery.to ?? (typeof body.To === 'string' ? body.To : '')),
			outcome: result.kind,
			note: result.note ?? undefined,
			again: again?.kind
		},
		'delivery'
	);
	// The provider is answered first.
	if (result.mustEnd) void endGivenUp(services, result.mustEnd);
	return result;
}

/** What came before is not asked about again, unless it is tried again: the lane only counts it. */
async function confirmNews(
	services: Services,
	{ event, dedupeKey, again }: VerifiedDelivery
): Promise<Confirmed> {
	if (services.providers[event.provider]?.capabilities.signsWebhooks !== false) return { event };
	if (again) return confirmEvent(services, event);
	const [known] = await services.database.db
		.select({ id: deliveries.id })
		.from(deliveries)
		.where(and(eq(deliveries.provider, event.provider), eq(deliveries.dedupeKey, dedupeKey)));
	return known ? { event } : confirmEvent(services, event);
}

/** What the provider charges us, in all and for each minute that it lasted. */
function costFields({ facts: { cost }, talkSeconds }: CallEvent) {
	if (!cost) return {};
	const minutes = billedMinutes(talkSeconds ?? 0);
	const perMinute =
		minutes > 0 ? formatMicros(parseMicros(cost.amount) / BigInt(minutes), 6) : null;
	return { cost: cost.amount, costPerMinute: perMinute, currency: cost.currency };
}
