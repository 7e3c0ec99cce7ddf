import { readDialCallback } from '../providers/twilio/read';
import { emptyTwiml } from '../providers/twilio/twiml';
import type { Services } from '../services';
import { applyTwilio } from './apply-twilio';
import type { WebhookAnswer } from './answer';
import { readSigned, type TwilioRequest } from './twilio-request';

/**
 * The lead's leg is over, says the browser's. Kept, and a hint to look after the lead's own words; the
 * answer is TwiML with nothing in it, which ends the browser's leg too.
 */
export async function receiveTwilioDialled(
	services: Services,
	request: TwilioRequest
): Promise<WebhookAnswer> {
	const verified = readSigned(services, request);
	if (!verified.ok) return verified.answer;
	const read = readDialCallback(verified.signed.fields, verified.signed.callId);
	if (read === null) return { status: 400, body: 'CallSid is missing.' };
	const answer = await applyTwilio(services, verified.signed, read);
	return answer.status === 200
		? { status: 200, body: emptyTwiml(), contentType: 'text/xml' }
		: answer;
}
