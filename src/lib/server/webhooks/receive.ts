/**
 * The way of a delivery whose provider signs nothing: it is believed or refused, read, applied through the
 * lane, and answered only after the commit. 2xx once it is stored, even
 * when applying failed: then we own what follows.
 */
import { v7 as uuid } from 'uuid';
import type { Provider } from '$lib/domain/call/event';
import type { JsonObject } from '$lib/domain/json';
import { isConnectionTrouble } from '../db/trouble';
import { applyVerified } from '../deliveries/apply-verified';
import { LaneUnavailable } from '../lane/lane';
import type { ReadDelivery } from '../providers/types';
import type { Services } from '../services';
import type { WebhookAnswer } from './answer';

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

async function apply(services: Services, { delivery, body, to }: Received): Promise<string> {
	const { dedupeKey, event, alarm } = delivery;
	const result = await applyVerified(services, { deliveryId: uuid(), dedupeKey, body, event, to });
	if (alarm) services.log.error({ provider: event.provider, call: result.callId }, alarm);
	return result.kind;
}
