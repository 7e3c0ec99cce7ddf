import { createHmac } from 'node:crypto';

/** Twilio's signature over URL and form (PROVIDERS.md 1.7), written apart from the product's check. */
export function signForm(authToken: string, url: string, form: Record<string, string>): string {
	const text = Object.keys(form)
		.sort()
		.reduce((sum, name) => sum + name + form[name], url);
	return createHmac('sha1', authToken).update(text).digest('base64');
}

/** Posts a status callback as Twilio does: a form, a signature, no Origin. */
export function postCallback(
	origin: string,
	pathAndQuery: string,
	form: Record<string, string>,
	signature: string | null
): Promise<Response> {
	return fetch(`${origin}${pathAndQuery}`, {
		method: 'POST',
		headers: {
			'content-type': 'application/x-www-form-urlencoded',
			'user-agent': 'TwilioProxy/1.1',
			...(signature === null ? {} : { 'x-twilio-signature': signature })
		},
		body: new URLSearchParams(form)
	});
}
