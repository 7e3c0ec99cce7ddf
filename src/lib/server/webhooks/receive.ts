/**
 * The one way of a delivery: it is verified, read, confirmed where its provider signs nothing, applied
 * through the lane, logged in one line, and answered only after the commit. 2xx once it is stored, even
 * when applying failed: then we own what follows.
 */
import { and, eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { billedMinutes } from '$lib/domain/call/billing';
import type { CallEvent, Provider } from '$lib/domain/call/event';
import type { JsonObject } from '$lib/domain/json';
import type { Results } from '$lib/domain/lane/commands';
import { formatMicros, parseMicros } from '$lib/domain/money';
import { maskPhone } from '$lib/domain/phone';
import { deliveries } from '../db/schema/index';
import { isConnectionTrouble } from '../db/trouble';
import { LaneUnavailable } from '../lane/lane';
import type { ReadDelivery } from '../providers/types';
import type { Services } from '../services';
import { confirmEvent, type Confirmed } from './confirm';

export interface WebhookAnswer {
	status: 200 | 400 | 403 | 503;
	body: string;
}

/** One request as its provider's door understood it. */
export interface Reception {
	provider: Provider;
	/** Why it is not believed; null: it comes from the provider. */
	refusal: string | null;
	/** Only asked when it is believed. Null: it names no call. */
	read: () => Promise<Received | null> | Received | null;
}

export interface Received {
	delivery: ReadDelivery;
	/** The fields as received, storable. */
	body: JsonObject;
	/** Who was called, for the log. */
	to: string | undefined;
}

export async function receive(
	services: Services,
	{ provider, refusal, read }: Reception
): Promise<WebhookAnswer> {
	if (refusal !== null) {
		services.log.warn({ provider }, `webhook refused: ${refusal}`);
		return { status: 403, body: `Refused: ${refusal}.` };
	}
	const received = await read();
	if (received === null) return { status: 400, body: 'CallSid is missing.' };
	try {
		return { status: 200, body: await apply(services, received) };
	} catch (error) {
		if (error instanceof LaneUnavailable || isConnectionTrouble(error)) {
			return { status: 503, body: 'Not stored. Try again.' };
		}
		throw error;
	}
}

async function apply(services: Services, received: Received): Promise<string> {
	const { delivery, body } = received;
	const confirmed = await confirmNews(services, delivery);
	const result = await services.lane.submit({
		kind: 'apply_delivery',
		deliveryId: uuid(),
		dedupeKey: delivery.dedupeKey,
		body,
		...confirmed
	});
	logDelivery(services, received, confirmed.event, result);
	return result.kind;
}

/** What came before is not asked about again: the lane only counts it. */
async function confirmNews(services: Services, delivery: ReadDelivery): Promise<Confirmed> {
	const { event, dedupeKey } = delivery;
	if (services.providers[event.provider]?.capabilities.signsWebhooks !== false) return { event };
	const [known] = await services.database.db
		.select({ id: deliveries.id })
		.from(deliveries)
		.where(and(eq(deliveries.provider, event.provider), eq(deliveries.dedupeKey, dedupeKey)));
	return known ? { event } : confirmEvent(services, event);
}

function logDelivery(
	{ log }: Services,
	{ delivery, to }: Received,
	event: CallEvent,
	result: Results['apply_delivery']
): void {
	const { provider, providerCallId } = event;
	log.info(
		{
			provider,
			call: result.callId,
			providerCall: providerCallId,
			raw: delivery.event.rawStatus,
			status: event.status,
			talkSeconds: event.talkSeconds,
			...costFields(event),
			to: maskPhone(to ?? ''),
			outcome: result.kind,
			note: result.note ?? undefined
		},
		'delivery'
	);
	if (delivery.alarm) log.error({ provider, call: result.callId }, delivery.alarm);
}

/** What the provider charges us, in all and for each minute that it lasted. */
function costFields({ facts: { cost }, talkSeconds }: CallEvent) {
	if (!cost) return {};
	const minutes = billedMinutes(talkSeconds ?? 0);
	const perMinute =
		minutes > 0 ? formatMicros(parseMicros(cost.amount) / BigInt(minutes), 6) : null;
	return { cost: cost.amount, costPerMinute: perMinute, currency: cost.currency };
}
