/** Twilio's status callbacks, signed as Twilio signs them, handed to the webhook verb. */
import twilio from 'twilio';
import type { Services } from '$lib/server/services';
import type { WebhookAnswer } from '$lib/server/webhooks/answer';
import { receiveTwilioStatus } from '$lib/server/webhooks/receive-twilio-status';
import { ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER } from './house';

export type Form = Record<string, string>;

export interface CallbackFields {
	sid: string;
	/** Twilio's word, for example `in-progress`. */
	status: string;
	sequence: number;
	atMs: number;
	to?: string;
	/** Seconds of talk, as Twilio would write them; only on a final callback. */
	seconds?: string;
}

/** One status callback (PROVIDERS.md 1.6). */
export function statusForm({ sid, status, sequence, atMs, to, seconds }: CallbackFields): Form {
	const form: Form = {
		AccountSid: ACCOUNT_SID,
		ApiVersion: '2010-04-01',
		CallSid: sid,
		CallStatus: status,
		Called: to ?? '+14155550177',
		Caller: FROM_NUMBER,
		CallbackSource: 'call-progress-events',
		Direction: 'outbound-api',
		From: FROM_NUMBER,
		SequenceNumber: String(sequence),
		Timestamp: new Date(atMs).toUTCString().replace('GMT', '+0000'),
		To: to ?? '+14155550177',
		ToCity: ''
	};
	if (seconds === undefined) return form;
	return { ...form, CallDuration: seconds, Duration: '2', SipResponseCode: '200' };
}

/** The four callbacks of a call that rang 5 seconds after placing and was answered 10 seconds after it. */
export function storyOf(sid: string, placedAtMs: number, talkSeconds: number): Form[] {
	const at = (seconds: number) => placedAtMs + seconds * 1000;
	return [
		statusForm({ sid, status: 'initiated', sequence: 0, atMs: at(1) }),
		statusForm({ sid, status: 'ringing', sequence: 1, atMs: at(5) }),
		statusForm({ sid, status: 'in-progress', sequence: 2, atMs: at(10) }),
		completedForm(sid, at(10 + talkSeconds), String(talkSeconds))
	];
}

export function completedForm(sid: string, atMs: number, seconds: string): Form {
	return statusForm({ sid, status: 'completed', sequence: 3, atMs, seconds });
}

export interface Posting {
	/** Our call id in the callback URL; null: a URL without one. */
	callId?: string | null;
	token?: string;
	/** Instead of the right one; null: no header. */
	signature?: string | null;
}

/** Posts a form to the status webhook of one process. */
export function post(
	services: Services,
	form: Form,
	posting: Posting = {}
): Promise<WebhookAnswer> {
	const { callId = null, token = AUTH_TOKEN } = posting;
	const pathAndQuery = `/api/twilio/status${callId === null ? '' : `?call=${callId}`}`;
	const url = services.config.origin + pathAndQuery;
	const signature =
		posting.signature === undefined
			? twilio.getExpectedTwilioSignature(token, url, form)
			: posting.signature;
	return receiveTwilioStatus(services, { pathAndQuery, signature, form });
}
