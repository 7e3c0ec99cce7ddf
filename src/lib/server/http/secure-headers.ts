import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handle } from '@sveltejs/kit';
import { readConfigOnce } from '../process';

/** What every response carries; the content security policy of pages comes from svelte.config.js. */
function headersOf(origin: string): Record<string, string> {
	return {
		'x-content-type-options': 'nosniff',
		'x-frame-options': 'DENY',
		'referrer-policy': 'same-origin',
		'cross-origin-opener-policy': 'same-origin',
		'permissions-policy': 'camera=(), geolocation=(), microphone=(self)',
		...(origin.startsWith('https:') && {
			'strict-transport-security': 'max-age=63072000; includeSubDomains'
		})
	};
}

/** What we answer is for who asked, and nobody between or after may keep it. Files do not come this way. */
function cacheControlOf(given: string | null): string {
	if (given?.includes('no-store')) return given;
	// Nor may a stream be packed on its way.
	return given?.includes('no-transform') ? 'private, no-store, no-transform' : 'private, no-store';
}

const NOTHING_ELSE = "default-src 'none'; frame-ancestors 'none'";

export const secureHeaders: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	const headers: Record<string, string> = {
		...headersOf(readConfigOnce().origin),
		'x-request-id': event.locals.requestId,
		'cache-control': cacheControlOf(response.headers.get('cache-control'))
	};
	if (!response.headers.has('content-security-policy')) {
		headers['content-security-policy'] = NOTHING_ELSE;
	}
	for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
	return response;
};

/**
 * The same for what no hook sees: files, and faults before or beyond the hooks. Whatever answers later
 * may replace a header, and pages replace the policy with their own.
 */
export function secureEveryResponse(origin: string): void {
	const headers = { ...headersOf(origin), 'content-security-policy': NOTHING_ELSE };
	subscribe('http.server.request.start', (message) => {
		// Node's own message of this channel (node:diagnostics_channel, "http.server.request.start").
		const { response } = message as { request: IncomingMessage; response: ServerResponse };
		for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
	});
}
