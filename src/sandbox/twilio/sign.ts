import { createHmac } from 'node:crypto';

/** Form fields; a field may repeat. */
export type FormFields = Readonly<Record<string, string | readonly string[]>>;

/**
 * X-Twilio-Signature (PROVIDERS.md 1.7): base64 of HMAC-SHA1 with the auth token over the URL as
 * requested (no fragment) and then, keys sorted by code unit, each key and its decoded value;
 * repeated values are de-duplicated and sorted. JSON bodies and GET requests add no fields.
 */
export function signTwilioRequest(authToken: string, url: string, fields: FormFields): string {
	let signed = url;
	for (const key of Object.keys(fields).sort()) {
		const value = fields[key] ?? '';
		const values = typeof value === 'string' ? [value] : [...new Set(value)].sort();
		for (const one of values) signed += key + one;
	}
	return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}
