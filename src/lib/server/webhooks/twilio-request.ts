/** What every request of Twilio has in common: it is verified over the raw form before it is read. */
import { isUuid } from '$lib/domain/uuid';
import type { Services } from '../services';
import type { WebhookAnswer } from './answer';
import { isSignedByTwilio } from '../providers/twilio/verify';

export interface TwilioRequest {
	/** As requested, for example `/api/twilio/status?call=…`. */
	pathAndQuery: string;
	signature: string | null;
	/** Every received field; for GET the query is part of the signed URL and the form is empty. */
	form: Record<string, string>;
}

export interface SignedRequest {
	origin: string;
	/** As posted, storable. */
	form: Record<string, string>;
	/** The form and, under it, the query: a GET carries its fields there. */
	fields: Record<string, string>;
	/** Our call id, from the address that we gave Twilio and it signed. */
	callId: string | null;
}

/** @returns what Twilio said, or the refusal that a request it did not sign is answered with */
export function readSigned(
	{ config, log }: Services,
	request: TwilioRequest
): { ok: true; signed: SignedRequest } | { ok: false; answer: WebhookAnswer } {
	if (config.twilio === null) {
		return { ok: false, answer: { status: 403, body: 'Twilio is not configured.' } };
	}
	const { origin } = config;
	const url = `${origin}${request.pathAndQuery}`;
	if (!isSignedByTwilio(config.twilio.authToken, request.signature, url, request.form)) {
		log.warn({ provider: 'twilio' }, 'webhook refused: the signature is missing or wrong');
		return { ok: false, answer: { status: 403, body: 'The signature is missing or wrong.' } };
	}
	const query = new URL(url).searchParams;
	const callId = query.get('call');
	const form = withoutNul(request.form);
	const fields = withoutNul({ ...Object.fromEntries(query), ...form });
	return {
		ok: true,
		signed: { origin, form, fields, callId: isUuid(callId) ? callId : null }
	};
}

/** PostgreSQL cannot keep the character U+0000; what was signed is checked before it is replaced. */
function withoutNul(fields: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(fields).map(([name, value]) => [clean(name), clean(value)])
	);
}

function clean(text: string): string {
	return text.replaceAll('\0', '\uFFFD');
}
