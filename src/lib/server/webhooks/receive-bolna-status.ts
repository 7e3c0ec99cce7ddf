import { readWebhook } from '../providers/bolna/read';
import { isFromBolna } from '../providers/bolna/verify';
import { toText } from '../providers/wire-text';
import type { Services } from '../services';
import { claimOf, readFields, type KeyedRequest } from './keyed-request';
import type { WebhookAnswer } from './answer';
import { receive } from './receive';

/** One webhook of Bolna, to the address with `?key=…` that its agent was given. */
export function receiveBolnaStatus(
	services: Services,
	request: KeyedRequest
): Promise<WebhookAnswer> {
	const { bolna } = services.config;
	return receive(services, {
		provider: 'bolna',
		refusal:
			bolna === null
				? 'Bolna is not configured'
				: isFromBolna(bolna, claimOf(request))
					? null
					: 'the key is missing or wrong, or the address is not allowed',
		read: async () => {
			if (bolna === null) return null;
			const body = await readFields(request);
			return { delivery: readWebhook(body, bolna), body, to: toText(body.user_number) };
		}
	});
}
