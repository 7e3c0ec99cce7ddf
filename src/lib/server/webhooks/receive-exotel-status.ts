import { isUuid } from '$lib/domain/uuid';
import { readStatusCallback } from '../providers/exotel/read';
import { isFromExotel } from '../providers/exotel/verify';
import { toText } from '../providers/wire-text';
import type { Services } from '../services';
import { claimOf, readFields, type KeyedRequest } from './keyed-request';
import type { WebhookAnswer } from './answer';
import { receive } from './receive';

/** One status callback of Exotel, to `?key=…&call=…`. */
export function receiveExotelStatus(
	services: Services,
	request: KeyedRequest
): Promise<WebhookAnswer> {
	const { exotel } = services.config;
	return receive(services, {
		provider: 'exotel',
		refusal:
			exotel === null
				? 'Exotel is not configured'
				: isFromExotel(exotel, claimOf(request))
					? null
					: 'the key is missing or wrong, or the address is not allowed',
		read: async () => {
			if (exotel === null) return null;
			const body = await readFields(request);
			const callId = request.query.get('call');
			const delivery = readStatusCallback(body, isUuid(callId) ? callId : null, exotel);
			return { delivery, body, to: toText(body.To) };
		}
	});
}
