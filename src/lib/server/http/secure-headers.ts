import type { Handle } from '@sveltejs/kit';
import { readConfigOnce } from '../process';

/** Headers of every response; the content security policy of pages comes from svelte.config.js. */
export const secureHeaders: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	const headers: Record<string, string> = {
		'x-content-type-options': 'nosniff',
		'x-frame-options': 'DENY',
		'referrer-policy': 'same-origin',
		'cross-origin-opener-policy': 'same-origin',
		'permissions-policy': 'camera=(), geolocation=(), microphone=(self)',
		'x-request-id': event.locals.requestId
	};
	if (readConfigOnce().origin.startsWith('https:')) {
		headers['strict-transport-security'] = 'max-age=63072000; includeSubDomains';
	}
	if (!response.headers.has('content-security-policy')) {
		headers['content-security-policy'] = "default-src 'none'; frame-ancestors 'none'";
	}
	for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
	return response;
};
