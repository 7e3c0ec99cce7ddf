import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { isLoopbackHost } from '../loopback';
import { TwilioError } from './errors';

export const CALL_EVENTS = ['initiated', 'ringing', 'answered', 'completed'] as const;
export type CallEvent = (typeof CALL_EVENTS)[number];

export interface CallbackTarget {
	url: string;
	method: 'GET' | 'POST';
}

/** A create request as understood. `timeoutSeconds` and `timeLimitSeconds` in simulated seconds. */
export interface CallParameters {
	to: string;
	from: string;
	statusCallback: CallbackTarget | null;
	events: ReadonlySet<CallEvent>;
	timeoutSeconds: number;
	timeLimitSeconds: number | null;
	isRecorded: boolean;
	recordingChannels: 1 | 2;
	recordingCallback: CallbackTarget | null;
	detectsMachine: boolean;
	/** DetectMessageEnd: the verdict waits for the beep. */
	waitsForMessageEnd: boolean;
	machineCallback: CallbackTarget | null;
}

const LONGEST_TIMEOUT_SECONDS = 600;
const USUAL_TIMEOUT_SECONDS = 60;

/** E.164, `client:` or `sip:`. */
export function isAddress(text: string): boolean {
	if (/^(client|sip):./.test(text)) return true;
	return /^\+\d+$/.test(text) && parsePhoneNumberFromString(text)?.isPossible() === true;
}

/** A whole number of seconds, or null when the field is missing. Throws `code` when malformed. */
export function readSeconds(form: URLSearchParams, field: string, code: number): number | null {
	const text = form.get(field);
	if (text === null || text === '') return null;
	if (!/^\d{1,6}$/.test(text)) {
		throw new TwilioError(400, code, `${field} must be a whole number of seconds`);
	}
	return Number(text);
}

function readMethod(form: URLSearchParams, field: string): 'GET' | 'POST' {
	const method = (form.get(field) ?? 'POST').toUpperCase();
	if (method === 'GET' || method === 'POST') return method;
	throw new TwilioError(400, 21209, `${field} must be GET or POST`);
}

function readUrl(form: URLSearchParams, field: string, code: number): URL | null {
	const text = form.get(field);
	if (text === null || text === '') return null;
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url !== null && /^https?:$/.test(url.protocol)) return url;
	throw new TwilioError(400, code, `${field} is not a valid URL: ${text}`);
}

/** A callback target; its field `X` has its method in `XMethod`. Throws 21609 for a bad one. */
export function readCallbackTarget(form: URLSearchParams, field: string): CallbackTarget | null {
	const parsed = readUrl(form, field, 21609);
	if (parsed === null) return null;
	if (!isLoopbackHost(parsed.hostname)) {
		throw new TwilioError(
			400,
			21609,
			`${field} is refused by the sandbox: ${parsed.hostname} is not a loopback address`
		);
	}
	return { url: form.get(field) ?? parsed.href, method: readMethod(form, `${field}Method`) };
}

/**
 * The events a call is subscribed to: repeated values, each exactly one event. A space-joined list
 * is one value that is not understood, and without any understood value only `completed` is sent
 * (PROVIDERS.md 1.1, vellum-assistant#6044).
 */
export function readEvents(form: URLSearchParams): ReadonlySet<CallEvent> {
	const values = form.getAll('StatusCallbackEvent');
	const understood = CALL_EVENTS.filter((event) => values.includes(event));
	return new Set(understood.length === 0 ? ['completed'] : understood);
}

function checkInstructions(form: URLSearchParams): void {
	if (form.has('ApplicationSid')) {
		if (/^AP[0-9a-fA-F]{32}$/.test(form.get('ApplicationSid') ?? '')) return;
		throw new TwilioError(400, 21218, 'Invalid ApplicationSid');
	}
	if (readUrl(form, 'Url', 21205) !== null) return;
	const twiml = form.get('Twiml') ?? '';
	if (twiml === '') throw new TwilioError(400, 21205, 'Url parameter is required.');
	if (twiml.length > 4_000) throw new TwilioError(400, 21205, 'Twiml is over 4000 characters');
}

function checkAddresses(to: string, from: string): void {
	if (to === '') throw new TwilioError(400, 21201, "No 'To' number is specified");
	if (from === '') throw new TwilioError(400, 21213, "No 'From' number is specified");
	if (!isAddress(to)) {
		throw new TwilioError(400, 21211, "The 'To' number is not a valid phone number.");
	}
	if (!isAddress(from)) {
		throw new TwilioError(400, 21212, "The 'From' number is not a valid phone number.");
	}
}

/** Reads a create request (PROVIDERS.md 1.1). Throws TwilioError with Twilio's code. */
export function readCreateParameters(form: URLSearchParams): CallParameters {
	const to = form.get('To') ?? '';
	const from = form.get('From') ?? '';
	checkAddresses(to, from);
	checkInstructions(form);
	const timeoutSeconds = readSeconds(form, 'Timeout', 21208) ?? USUAL_TIMEOUT_SECONDS;
	if (timeoutSeconds < 1) throw new TwilioError(400, 21208, 'Timeout must be at least 1');
	const hasApplication = form.has('ApplicationSid');
	const sendsDigits = (form.get('SendDigits') ?? '') !== '';
	return {
		to,
		from,
		statusCallback: hasApplication ? null : readCallbackTarget(form, 'StatusCallback'),
		events: readEvents(form),
		timeoutSeconds: Math.min(timeoutSeconds, LONGEST_TIMEOUT_SECONDS),
		timeLimitSeconds: readSeconds(form, 'TimeLimit', 20001),
		isRecorded: form.get('Record') === 'true',
		recordingChannels: form.get('RecordingChannels') === 'dual' ? 2 : 1,
		recordingCallback: readCallbackTarget(form, 'RecordingStatusCallback'),
		detectsMachine: form.has('MachineDetection') && !sendsDigits,
		waitsForMessageEnd: form.get('MachineDetection') === 'DetectMessageEnd',
		machineCallback:
			form.get('AsyncAmd') === 'true' ? readCallbackTarget(form, 'AsyncAmdStatusCallback') : null
	};
}
