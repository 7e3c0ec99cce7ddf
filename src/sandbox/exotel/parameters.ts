import { isLoopbackHost } from '../loopback';
import { ExotelError } from './errors';

export type CallbackContentType =
	'application/json' | 'application/x-www-form-urlencoded' | 'multipart/form-data';

/** A connect request as understood; times in simulated seconds. */
export interface ConnectParameters {
	from: string;
	to: string;
	callerId: string;
	timeLimitSeconds: number | null;
	timeOutSeconds: number;
	isRecorded: boolean;
	customField: string | null;
	statusCallback: string | null;
	/** Null: the four-field default callback. */
	events: ReadonlySet<string> | null;
	contentType: CallbackContentType;
}

const LONGEST_TIME_LIMIT_SECONDS = 14_400;
const USUAL_TIME_OUT_SECONDS = 30;
const LONGEST_CUSTOM_FIELD = 128;

function requireText(form: URLSearchParams, field: string): string {
	const text = (form.get(field) ?? '').trim();
	if (text === '') throw new ExotelError(400, `Mandatory Parameter missing : ${field}`);
	return text;
}

/** `0…` numbers, E.164 and bare digits, as Exotel's pages write them. */
function requireNumber(form: URLSearchParams, field: string): string {
	const text = requireText(form, field);
	if (/^\+?\d{5,15}$/.test(text)) return text;
	throw new ExotelError(400, `Invalid Parameter : ${field}`);
}

function readSeconds(form: URLSearchParams, field: string, largest: number): number | null {
	const text = form.get(field);
	if (text === null || text === '') return null;
	if (/^\d{1,6}$/.test(text) && Number(text) <= largest && Number(text) > 0) return Number(text);
	throw new ExotelError(400, `Invalid Parameter : ${field}`);
}

function readCallback(form: URLSearchParams): string | null {
	const text = form.get('StatusCallback');
	if (text === null || text === '') return null;
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url !== null && /^https?:$/.test(url.protocol) && isLoopbackHost(url.hostname)) return text;
	throw new ExotelError(
		400,
		'Invalid Parameter : StatusCallback (the sandbox calls loopback only)'
	);
}

/** `StatusCallbackEvents[0]=terminal` and `StatusCallbackEvents[]=terminal`. */
function readEvents(form: URLSearchParams): ReadonlySet<string> | null {
	const values = [...form]
		.filter(([name]) => /^StatusCallbackEvents\[\d*\]$/.test(name))
		.map(([, value]) => value);
	return values.length === 0 ? null : new Set(values);
}

function readContentType(form: URLSearchParams): CallbackContentType {
	const text = form.get('StatusCallbackContentType') ?? 'multipart/form-data';
	const known = [
		'application/json',
		'application/x-www-form-urlencoded',
		'multipart/form-data'
	] as const;
	const found = known.find((one) => one === text);
	if (found === undefined)
		throw new ExotelError(400, 'Invalid Parameter : StatusCallbackContentType');
	return found;
}

/** Reads a connect request (PROVIDERS.md 2.1). Throws ExotelError 400. */
export function readConnectParameters(form: URLSearchParams): ConnectParameters {
	const customField = form.get('CustomField');
	if ((customField ?? '').length > LONGEST_CUSTOM_FIELD) {
		throw new ExotelError(400, 'Invalid Parameter : CustomField');
	}
	return {
		from: requireNumber(form, 'From'),
		to: requireNumber(form, 'To'),
		callerId: requireNumber(form, 'CallerId'),
		timeLimitSeconds: readSeconds(form, 'TimeLimit', LONGEST_TIME_LIMIT_SECONDS),
		timeOutSeconds: readSeconds(form, 'TimeOut', 600) ?? USUAL_TIME_OUT_SECONDS,
		isRecorded: form.get('Record') === 'true',
		customField,
		statusCallback: readCallback(form),
		events: readEvents(form),
		contentType: readContentType(form)
	};
}
