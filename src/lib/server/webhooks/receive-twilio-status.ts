import { readStatusCallback } from '../providers/twilio/read';
import { isSignedByTwilio } from '../providers/twilio/verify';
import { isUuid } from '../providers/wire-text';
import type { Services } from '../services';
import { receive, type WebhookAnswer } from './receive';

export type { WebhookAnswer };

/** PostgreSQL cannot keep the character U+0000; what was signed is checked before it is replaced. */
function withoutNul(fields: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(fields).map(([name, value]) => [clean(name), clean(value)])
	);
}

function clean(text: string): string {
	return text.replaceAll('\0', '\uFFFD');
}

/**
 * One status callback of Twilio: its signature is checked over the raw form.
 * @param pathAndQuery as requested, for example `/api/twilio/status?call=…`
 * @param form every received field; for GET the query is part of the signed URL and the form is empty
 */
export function receiveTwilioStatus(
	services: Services,
	request: { pathAndQuery: string; signature: string | null; form: Record<string, string> }
): Promise<WebhookAnswer> {
	const { origin, twilio } = services.config;
	const url = `${origin}${request.pathAndQuery}`;
	return receive(services, {
		provider: 'twilio',
		refusal:
			twilio === null
				? 'Twilio is not configured'
				: isSignedByTwilio(twilio.authToken, request.signature, url, request.form)
					? null
					: 'the signature is missing or wrong',
		read: () => {
			const query = new URL(url).searchParams;
			const callId = query.get('call');
			const body = withoutNul(request.form);
			const fields = withoutNul({ ...Object.fromEntries(query), ...body });
			const delivery = readStatusCallback(fields, isUuid(callId) ? callId : null);
			return delivery && { delivery, body, to: body.To };
		}
	});
}
