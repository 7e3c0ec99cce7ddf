/**
 * One message to an organisation's own address, signed as Standard Webhooks says
 * (github.com/standard-webhooks/standard-webhooks, spec): `webhook-id`, `webhook-timestamp`, and
 * `webhook-signature` over `id.timestamp.body`. The address is a stranger's: it is looked at when it is
 * connected to, redirects are not followed, and nothing of the answer is kept but its status.
 */
import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { AddressRefused, isLoopbackHost, lookupPublic } from '../recordings/addresses';

const TIME_MAX_MS = 15_000;

export interface SignedMessage {
	id: string;
	url: string;
	body: string;
	/** Each signs; two while they are rotated. */
	secrets: string[];
	nowMs: number;
	/** A demo's own machine may be posted to. */
	allowsLoopback: boolean;
}

/** Null when it was taken; otherwise why it was not, in a sentence. */
export async function postWebhook(message: SignedMessage): Promise<string | null> {
	const url = new URL(message.url);
	const trouble = addressTrouble(message.url, message.allowsLoopback);
	if (trouble) return trouble;
	const timestamp = String(Math.floor(message.nowMs / 1000));
	const headers = {
		'content-type': 'application/json',
		'content-length': String(Buffer.byteLength(message.body)),
		'user-agent': 'Talktime',
		'webhook-id': message.id,
		'webhook-timestamp': timestamp,
		'webhook-signature': message.secrets
			.map((secret) => signWebhook(secret, message.id, timestamp, message.body))
			.join(' ')
	};
	try {
		const status = await post(url, headers, message.body);
		return status >= 200 && status < 300 ? null : `It was answered ${status}.`;
	} catch (error) {
		if (error instanceof AddressRefused) return error.message;
		return 'Nobody answered in fifteen seconds.';
	}
}

/** @param secret `whsec_` and base64 */
export function signWebhook(secret: string, id: string, timestamp: string, body: string): string {
	const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
	return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** Why an address cannot be posted to, whoever answers there; null when it can. */
export function addressTrouble(address: string, allowsLoopback: boolean): string | null {
	const url = URL.canParse(address) ? new URL(address) : null;
	if (!url) return 'url must be an address like https://example.com/talktime.';
	if (url.username || url.password) return 'url must not carry a password.';
	if (isLoopbackHost(url.hostname)) {
		return allowsLoopback ? null : 'url must be an address of the public internet.';
	}
	return url.protocol === 'https:' ? null : 'url must begin with https://.';
}

function post(url: URL, headers: Record<string, string>, body: string): Promise<number> {
	const { request } = url.protocol === 'https:' ? https : http;
	return new Promise((resolve, reject) => {
		const asking = request(
			url,
			{
				method: 'POST',
				agent: false,
				headers,
				signal: AbortSignal.timeout(TIME_MAX_MS),
				...(!isLoopbackHost(url.hostname) && { lookup: lookupPublic })
			},
			(response) => {
				response.destroy();
				resolve(response.statusCode ?? 0);
			}
		);
		asking.once('error', reject);
		asking.end(body);
	});
}
