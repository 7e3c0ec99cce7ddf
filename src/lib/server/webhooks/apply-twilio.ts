/** Applies one delivery of Twilio through the lane, logs it in one line, and answers after the commit. */
import { v7 as uuid } from 'uuid';
import { maskPhone } from '$lib/domain/phone';
import { LaneUnavailable } from '../lane/lane';
import type { ReadCallback } from '../providers/twilio/read';
import type { Services } from '../services';
import type { SignedRequest, WebhookAnswer } from './twilio-request';

/** 2xx once it is stored, even when applying failed: then we own what follows. */
export async function applyTwilio(
	services: Services,
	{ form }: SignedRequest,
	{ event, dedupeKey }: ReadCallback
): Promise<WebhookAnswer> {
	try {
		const result = await services.lane.submit({
			kind: 'apply_delivery',
			deliveryId: uuid(),
			dedupeKey,
			body: form,
			event
		});
		services.log.info(
			{
				provider: 'twilio',
				call: result.callId,
				providerCall: event.providerCallId,
				raw: event.rawStatus,
				status: event.status,
				talkSeconds: event.talkSeconds,
				to: maskPhone(form.To ?? ''),
				outcome: result.kind,
				note: result.note ?? undefined
			},
			'delivery'
		);
		return { status: 200, body: result.kind };
	} catch (error) {
		if (error instanceof LaneUnavailable) return { status: 503, body: 'Not stored. Try again.' };
		throw error;
	}
}
