/**
 * One status callback of Twilio: verify over the raw form, read, apply through the lane, and answer only
 * after the commit. 2xx once it is stored, even when applying failed: then we own what follows.
 */
import { v7 as uuid } from 'uuid';
import type { Services } from '../services';
import { LaneUnavailable } from '../lane/lane';
import { readStatusCallback } from '../providers/twilio/read';
import { isSignedByTwilio } from '../providers/twilio/verify';
import { applyVerified } from '../deliveries/apply-verified';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface WebhookAnswer {
	status: 200 | 400 | 403 | 503;
	body: string;
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

/**
 * @param pathAndQuery as requested, for example `/api/twilio/status?call=…`
 * @param form every received field; for GET the query is part of the signed URL and the form is empty
 */
export async function receiveTwilioStatus(
	services: Services,
	request: { pathAndQuery: string; signature: string | null; form: Record<string, string> }
): Promise<WebhookAnswer> {
	const { config, log } = services;
	if (config.twilio === null) return { status: 403, body: 'Twilio is not configured.' };
	const url = `${config.origin}${request.pathAndQuery}`;
	if (!isSignedByTwilio(config.twilio.authToken, request.signature, url, request.form)) {
		log.warn({ provider: 'twilio' }, 'webhook refused: the signature is missing or wrong');
		return { status: 403, body: 'The signature is missing or wrong.' };
	}
	const query = new URL(url).searchParams;
	const callId = query.get('call');
	const form = withoutNul(request.form);
	const fields = withoutNul({ ...Object.fromEntries(query), ...form });
	const read = readStatusCallback(fields, callId && UUID.test(callId) ? callId : null);
	if (read === null) return { status: 400, body: 'CallSid is missing.' };
	try {
		const result = await applyVerified(services, { deliveryId: uuid(), body: form, ...read });
		return { status: 200, body: result.kind };
	} catch (error) {
		if (error instanceof LaneUnavailable) return { status: 503, body: 'Not stored. Try again.' };
		throw error;
	}
}
