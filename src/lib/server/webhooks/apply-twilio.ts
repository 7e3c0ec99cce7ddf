/** Applies one delivery of Twilio through the lane, and answers after the commit. */
import { v7 as uuid } from 'uuid';
import { applyVerified } from '../deliveries/apply-verified';
import { LaneUnavailable } from '../lane/lane';
import type { ReadCallback } from '../providers/twilio/read';
import type { Services } from '../services';
import type { WebhookAnswer } from './answer';
import type { SignedRequest } from './twilio-request';

/** 2xx once it is stored, even when applying failed: then we own what follows. */
export async function applyTwilio(
	services: Services,
	{ form }: SignedRequest,
	read: ReadCallback
): Promise<WebhookAnswer> {
	try {
		const result = await applyVerified(services, { deliveryId: uuid(), body: form, ...read });
		return { status: 200, body: result.kind };
	} catch (error) {
		if (error instanceof LaneUnavailable) return { status: 503, body: 'Not stored. Try again.' };
		throw error;
	}
}
