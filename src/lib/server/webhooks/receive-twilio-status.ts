/**
 * One status callback of Twilio: verify over the raw form, read, apply through the lane, and answer only
 * after the commit.
 */
import { and, eq } from 'drizzle-orm';
import { calls } from '../db/schema/calls';
import { readStatusCallback } from '../providers/twilio/read';
import type { Services } from '../services';
import type { WebhookAnswer } from './answer';
import { applyTwilio } from './apply-twilio';
import { readSigned, type SignedRequest, type TwilioRequest } from './twilio-request';

export async function receiveTwilioStatus(
	services: Services,
	request: TwilioRequest
): Promise<WebhookAnswer> {
	const verified = readSigned(services, request);
	if (!verified.ok) return verified.answer;
	const { signed } = verified;
	const callId = signed.callId ?? (await findCallOfBrowser(services, signed));
	const read = readStatusCallback(signed.fields, callId);
	if (read === null) return { status: 400, body: 'CallSid is missing.' };
	return applyTwilio(services, signed, read);
}

/**
 * The browser's own leg is told of at the TwiML App's address, which names no call of ours.
 * @returns the call whose browser it is; null for every other leg
 */
async function findCallOfBrowser(
	services: Services,
	{ fields }: SignedRequest
): Promise<string | null> {
	const isBrowserLeg = fields.From?.startsWith('client:') && !fields.ParentCallSid;
	if (!isBrowserLeg || !fields.CallSid) return null;
	const [call] = await services.database.db
		.select({ id: calls.id })
		.from(calls)
		.where(and(eq(calls.provider, 'twilio'), eq(calls.parentCallId, fields.CallSid)));
	return call?.id ?? null;
}
