import { readMachineCallback } from '../providers/twilio/read';
import type { Services } from '../services';
import { applyTwilio } from './apply-twilio';
import type { WebhookAnswer } from './answer';
import { readSigned, type TwilioRequest } from './twilio-request';

/** Who answered a call, found out while it goes on: kept with the call, which it never moves. */
export async function receiveTwilioMachine(
	services: Services,
	request: TwilioRequest
): Promise<WebhookAnswer> {
	const verified = readSigned(services, request);
	if (!verified.ok) return verified.answer;
	const read = readMachineCallback(verified.signed.fields, verified.signed.callId);
	if (read === null) return { status: 400, body: 'A field that must be there is missing.' };
	return applyTwilio(services, verified.signed, read);
}
