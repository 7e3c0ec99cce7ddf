import { randomUUID } from 'node:crypto';
import type { CallbackJob } from '../callback';
import { Outbox } from '../outbox';
import { withoutFragment } from '../retry-rules';
import type { SandboxContext } from '../provider';
import type { TwilioCall } from './call-record';
import type { CallbackTarget, CallEvent } from './parameters';
import { signTwilioRequest } from './sign';
import { callbackFields, finalFields, recordingSource, recordingUrl, toRfc2822 } from './wire';

export interface TwilioIdentity {
	accountSid: string;
	authToken: string;
}

/** Signs one webhook. With GET the fields travel, and are signed, in the query string. */
export function toCallbackJob(
	{ accountSid, authToken }: TwilioIdentity,
	target: CallbackTarget,
	fields: Record<string, string>
): CallbackJob {
	const form = new URLSearchParams(fields).toString();
	const plainUrl = withoutFragment(target.url);
	const fragment = target.url.slice(plainUrl.length);
	const isGet = target.method === 'GET';
	const url = isGet ? `${plainUrl}${plainUrl.includes('?') ? '&' : '?'}${form}` : plainUrl;
	const headers: Record<string, string> = {
		accept: '*/*',
		'user-agent': 'TwilioProxy/1.1',
		'x-home-region': 'us1',
		'x-twilio-signature': signTwilioRequest(authToken, url, isGet ? {} : fields),
		'i-twilio-idempotency-token': randomUUID(),
		'x-twilio-account-sid': accountSid
	};
	if (!isGet) {
		headers['content-type'] = 'application/x-www-form-urlencoded; charset=UTF-8';
		headers['content-length'] = String(Buffer.byteLength(form));
	}
	return { url: url + fragment, method: target.method, headers, body: isGet ? '' : form };
}

/** Tells the app what happened to a call, with the habits and faults of that call. */
export class Announcer {
	readonly #outbox: Outbox;

	constructor(
		private readonly context: SandboxContext,
		private readonly identity: TwilioIdentity
	) {
		this.#outbox = new Outbox(context, 'twilio');
	}

	/** Sends one status event if the call is subscribed to it. `dueMs` is simulated time. */
	announce(call: TwilioCall, event: CallEvent, dueMs: number): void {
		if (call.statusCallback !== null && call.events.has(event)) {
			const fields = this.#eventFields(call, event, call.nextSequenceNumber++);
			const job = toCallbackJob(this.identity, call.statusCallback, fields);
			this.#outbox.release(call, job, event === 'completed', dueMs);
		}
		if (call.stage === 'ended') this.#outbox.sendHeldInReverse(call);
	}

	/** Sends the recording callback, when one was asked for (PROVIDERS.md 1.6). */
	announceRecording(call: TwilioCall): void {
		const { recording, parameters } = call;
		if (recording === null || parameters.recordingCallback === null) return;
		const { accountSid } = this.identity;
		this.#outbox.deliver(
			call,
			toCallbackJob(this.identity, parameters.recordingCallback, {
				AccountSid: accountSid,
				CallSid: call.parentCallSid ?? call.sid,
				RecordingSid: recording.sid,
				RecordingUrl: recordingUrl(accountSid, recording, this.context.baseUrl()),
				RecordingStatus: 'completed',
				RecordingDuration: String(recording.durationSeconds),
				RecordingChannels: String(parameters.recordingChannels),
				RecordingStartTime: toRfc2822(recording.startedAt),
				RecordingSource: recordingSource(call),
				RecordingTrack: 'both',
				ErrorCode: '0'
			})
		);
	}

	/** Sends the answering machine's verdict, when one was asked for; it carries no CallStatus. */
	announceMachineDetection(call: TwilioCall, detectionMs: number): void {
		const target = call.parameters.machineCallback;
		if (target === null) return;
		this.#outbox.deliver(
			call,
			toCallbackJob(this.identity, target, {
				AccountSid: this.identity.accountSid,
				CallSid: call.sid,
				AnsweredBy: call.answeredBy ?? 'unknown',
				MachineDetectionDuration: String(detectionMs)
			})
		);
	}

	#eventFields(call: TwilioCall, event: CallEvent, sequenceNumber: number): Record<string, string> {
		const { accountSid } = this.identity;
		const callStatus = event === 'initiated' ? 'initiated' : call.status;
		const fields = callbackFields(accountSid, call, callStatus, sequenceNumber);
		if (event !== 'completed') return fields;
		Object.assign(fields, finalFields(accountSid, call, this.context.baseUrl()));
		if (call.outcome.callbacks === 'nonsense-final') {
			Object.assign(fields, { CallStatus: 'exploded', CallDuration: '-7' });
		}
		return fields;
	}
}
