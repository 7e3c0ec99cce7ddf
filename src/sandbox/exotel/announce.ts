import { randomBytes } from 'node:crypto';
import type { CallbackJob } from '../callback';
import { Outbox } from '../outbox';
import type { SandboxContext } from '../provider';
import type { ExotelCall } from './call';
import {
	answeredCallback,
	defaultCallback,
	hasRecording,
	recordingPath,
	terminalCallback,
	toFormFields
} from './wire';

/** Two retries, after 5 and 15 minutes (PROVIDERS.md 2.3). */
const RETRY_AFTER_SECONDS = [300, 900];

function toMultipart(fields: [string, string][]): { contentType: string; body: string } {
	const boundary = `------------------------${randomBytes(8).toString('hex')}`;
	const parts = fields.map(
		([name, value]) =>
			`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
	);
	return {
		contentType: `multipart/form-data; boundary=${boundary}`,
		body: `${parts.join('')}--${boundary}--\r\n`
	};
}

function encode(
	call: ExotelCall,
	fields: Record<string, unknown>
): { contentType: string; body: string } {
	const { contentType } = call.parameters;
	switch (contentType) {
		case 'application/json':
			return { contentType, body: JSON.stringify(fields) };
		case 'application/x-www-form-urlencoded':
			return { contentType, body: new URLSearchParams(toFormFields(fields)).toString() };
		case 'multipart/form-data':
			return toMultipart(toFormFields(fields));
	}
}

function toJob(url: string, call: ExotelCall, fields: Record<string, unknown>): CallbackJob {
	const { contentType, body } = encode(call, fields);
	return {
		url,
		method: 'POST',
		headers: {
			accept: '*/*',
			'user-agent': 'Exotel',
			'content-type': contentType,
			'content-length': String(Buffer.byteLength(body))
		},
		body,
		retryAfterSeconds: RETRY_AFTER_SECONDS
	};
}

/** Tells the app what happened to a call; nothing is signed. `dueMs` is simulated time. */
export class ExotelAnnouncer {
	readonly outbox: Outbox;

	constructor(
		private readonly context: SandboxContext,
		private readonly accountSid: string
	) {
		this.outbox = new Outbox(context, 'exotel');
	}

	/** A leg has answered; told to those who asked for `answered`. */
	announceAnswered(call: ExotelCall, dueMs: number): void {
		const { statusCallback, events } = call.parameters;
		if (statusCallback === null || events?.has('answered') !== true) return;
		this.outbox.release(call, toJob(statusCallback, call, answeredCallback(call)), false, dueMs);
	}

	/** The call is over. */
	announceTerminal(call: ExotelCall, dueMs: number): void {
		const { statusCallback, events } = call.parameters;
		if (statusCallback !== null && (events === null || events.has('terminal'))) {
			const recording = hasRecording(call)
				? this.context.baseUrl() + recordingPath(this.accountSid, call)
				: null;
			const fields =
				events === null ? defaultCallback(call, recording) : terminalCallback(call, recording);
			if (call.outcome.callbacks === 'nonsense-final') {
				Object.assign(fields, { Status: 'exploded', ConversationDuration: -7 });
			}
			this.outbox.release(call, toJob(statusCallback, call, fields), true, dueMs);
		}
		this.outbox.sendHeldInReverse(call);
	}
}
