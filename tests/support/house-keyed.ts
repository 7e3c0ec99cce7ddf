/** Bodies as Exotel and Bolna post them, handed to the webhook verbs with a key and an address. */
import type { JsonObject } from '$lib/domain/json';
import type { Services } from '$lib/server/services';
import type { WebhookAnswer } from '$lib/server/webhooks/answer';
import { receiveBolnaStatus } from '$lib/server/webhooks/receive-bolna-status';
import { receiveExotelStatus } from '$lib/server/webhooks/receive-exotel-status';
import { KEYED_PROVIDERS } from './house-sandbox';

export type KeyedProvider = 'exotel' | 'bolna';

export interface KeyedPosting {
	/** Null: no key. */
	key?: string | null;
	/** Our call id in the address. */
	callId?: string;
	address?: string | null;
	contentType?: string;
	/** Instead of the fields, as it would travel. */
	raw?: string;
}

/** What a provider posts of a call, in its own words. */
export function statusBody(
	provider: KeyedProvider,
	id: string,
	status: string,
	seconds: number | null = null
): JsonObject {
	return provider === 'exotel'
		? { CallSid: id, Status: status, ConversationDuration: seconds, EventType: 'terminal' }
		: { id, status, conversation_duration: seconds };
}

export function postKeyed(
	services: Services,
	provider: KeyedProvider,
	body: JsonObject,
	posting: KeyedPosting = {}
): Promise<WebhookAnswer> {
	const receive = provider === 'exotel' ? receiveExotelStatus : receiveBolnaStatus;
	const usual =
		provider === 'exotel' ? KEYED_PROVIDERS.EXOTEL_WEBHOOK_KEY : KEYED_PROVIDERS.BOLNA_WEBHOOK_KEY;
	const { key = usual, callId, address = '127.0.0.1' } = posting;
	return receive(services, {
		query: new URLSearchParams({
			...(key !== null && { key }),
			...(callId !== undefined && { call: callId })
		}),
		contentType: posting.contentType ?? 'application/json',
		body: new TextEncoder().encode(posting.raw ?? JSON.stringify(body)),
		address
	});
}
