import twilio from 'twilio';
import type { Config } from '$lib/server/config';
import { UsageError } from '../options';
import type { DeliverProvider, RecordedBody } from './recorded-body';

export interface DeliveryAnswer {
	provider: DeliverProvider;
	url: string;
	status: number;
	/** What the app says became of it. */
	outcome: string;
}

/**
 * Posts a body as its provider would: signed for the origin the app checks against, or with the key of
 * those who sign nothing.
 * @param to where to; by default the app's own webhook for such a body
 */
export async function postDelivery(
	config: Config,
	recorded: RecordedBody,
	to: string | undefined
): Promise<DeliveryAnswer> {
	const path = pathOf(recorded);
	const url = readUrl(to ?? config.origin + path);
	if (recorded.provider !== 'twilio' && !url.searchParams.has('key')) {
		url.searchParams.set('key', webhookKeyOf(recorded.provider));
	}
	const isForm = recorded.encoding === 'form';
	const form = Object.fromEntries(
		Object.entries(recorded.fields).map(([name, value]) => [name, toText(value)])
	);
	const response = await fetch(url, {
		method: 'POST',
		headers: {
			'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
			...(recorded.provider === 'twilio' && signatureOf(config, url, form))
		},
		body: isForm ? new URLSearchParams(form) : JSON.stringify(recorded.fields)
	}).catch(() => {
		throw new UsageError(`Nobody answers at ${url.origin}; is the app running there?`);
	});
	const outcome = (await response.text()).trim().slice(0, 500);
	url.searchParams.delete('key');
	return { provider: recorded.provider, url: url.href, status: response.status, outcome };
}

function readUrl(text: string): URL {
	try {
		return new URL(text);
	} catch {
		throw new UsageError(
			`--to must be an address like https://talktime.example.com/api/twilio/status.`
		);
	}
}

function pathOf({ provider, fields }: RecordedBody): string {
	if (provider !== 'twilio') return `/api/webhooks/${provider}/call-status`;
	if ('ApplicationSid' in fields) return '/api/twilio/voice';
	return 'RecordingSid' in fields && !('CallStatus' in fields)
		? '/api/twilio/recording'
		: '/api/twilio/status';
}

/** Twilio signs the address it was given: ours, whatever the machine we post to is called. */
function signatureOf(
	config: Config,
	url: URL,
	form: Record<string, string>
): Record<string, string> {
	if (config.twilio === null) throw new UsageError('TWILIO_AUTH_TOKEN is not set.');
	const signed = `${config.origin}${url.pathname}${url.search}`;
	const { authToken } = config.twilio;
	return { 'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, signed, form) };
}

function webhookKeyOf(provider: 'exotel' | 'bolna'): string {
	const name = `${provider.toUpperCase()}_WEBHOOK_KEY`;
	const key = process.env[name];
	if (!key) throw new UsageError(`${name} is not set.`);
	return key;
}

function toText(value: unknown): string {
	if (value === null || value === undefined) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
