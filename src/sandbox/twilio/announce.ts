import { randomUUID } from 'node:crypto';
import type { CallbackDelivery, CallbackJob } from '../callback';
import type { Faults } from '../faults';
import { withoutFragment } from '../retry-rules';
import type { SandboxContext } from '../provider';
import type { TwilioCall } from './call-record';
import { LATE_CALLBACK_SECONDS } from '../outcomes';
import type { CallbackTarget, CallEvent } from './parameters';
import { signTwilioRequest } from './sign';
import { callbackFields, finalFields, recordingUrl, toRfc2822 } from './wire';

/** The next callback of a call does not wait longer than this for the one before it. */
const LONGEST_WAIT_REAL_MS = 1_000;

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

async function waitForFirstAttempt(delivery: CallbackDelivery): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const longest = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, LONGEST_WAIT_REAL_MS);
	});
	await Promise.race([delivery.firstAttempt, longest]);
	clearTimeout(timer);
}

/** Tells the app what happened to a call, with the habits and faults of that call. */
export class Announcer {
	constructor(
		private readonly context: SandboxContext,
		private readonly identity: TwilioIdentity
	) {}

	/** Sends one status event if the call is subscribed to it. `dueMs` is simulated time. */
	announce(call: TwilioCall, event: CallEvent, dueMs: number): void {
		if (call.statusCallback !== null && call.events.has(event)) {
			const fields = this.#eventFields(call, event, call.nextSequenceNumber++);
			const faults = this.context.faults.forCall('twilio', call.takenPlans);
			const isFinal = event === 'completed';
			if (!this.#isDropped(call, isFinal, faults)) {
				const job = toCallbackJob(this.identity, call.statusCallback, fields);
				this.#release(call, job, faults, dueMs);
			}
		}
		if (call.stage === 'ended') this.#sendHeldInReverse(call);
	}

	/** Sends the recording callback, when one was asked for (PROVIDERS.md 1.6). */
	announceRecording(call: TwilioCall): void {
		const { recording, parameters } = call;
		if (recording === null || parameters.recordingCallback === null) return;
		const { accountSid } = this.identity;
		this.#deliver(
			call,
			toCallbackJob(this.identity, parameters.recordingCallback, {
				AccountSid: accountSid,
				CallSid: call.sid,
				RecordingSid: recording.sid,
				RecordingUrl: recordingUrl(accountSid, recording, this.context.baseUrl()),
				RecordingStatus: 'completed',
				RecordingDuration: String(recording.durationSeconds),
				RecordingChannels: String(parameters.recordingChannels),
				RecordingStartTime: toRfc2822(recording.startedAt),
				RecordingSource: 'OutboundAPI',
				RecordingTrack: 'both',
				ErrorCode: '0'
			})
		);
	}

	/** Sends the answering machine's verdict, when one was asked for; it carries no CallStatus. */
	announceMachineDetection(call: TwilioCall, detectionMs: number): void {
		const target = call.parameters.machineCallback;
		if (target === null) return;
		this.#deliver(
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

	#isDropped(call: TwilioCall, isFinal: boolean, faults: Faults): boolean {
		if (faults.dropAll === true) return true;
		if (!isFinal) return false;
		if (call.outcome.callbacks === 'no-final') return true;
		return this.context.faults.happens(
			faults.dropFinal ?? 0,
			'drop-final',
			call.parameters.to,
			call.ordinal
		);
	}

	#release(call: TwilioCall, job: CallbackJob, faults: Faults, dueMs: number): void {
		const habit = call.outcome.callbacks;
		const extraCopies = faults.duplicate ?? (habit === 'three-times' ? 2 : 0);
		const copies = Array.from({ length: 1 + extraCopies }, () => job);
		if (faults.reorder ?? habit === 'reversed') {
			call.heldCallbacks.push(...copies);
			return;
		}
		const lateSeconds = faults.delaySeconds ?? (habit === 'late' ? LATE_CALLBACK_SECONDS : 0);
		const send = (): void => copies.forEach((copy) => this.#deliver(call, copy));
		if (lateSeconds === 0) send();
		else this.context.clock.schedule(dueMs + lateSeconds * 1_000, send);
	}

	#sendHeldInReverse(call: TwilioCall): void {
		const held = call.heldCallbacks.reverse();
		call.heldCallbacks = [];
		for (const job of held) this.#deliver(call, job);
	}

	/** Callbacks of one call start one after the other; a retry may still be overtaken. */
	#deliver(call: TwilioCall, job: CallbackJob): void {
		call.deliveries = call.deliveries.then(async () => {
			if (call.isForgotten) return;
			const delivery = this.context.callbacks.send(job);
			void delivery.finished.then((outcome) => {
				call.callbacksSent += 1;
				if (!outcome.isDelivered) call.callbacksFailed += 1;
			});
			await waitForFirstAttempt(delivery);
		});
	}
}
