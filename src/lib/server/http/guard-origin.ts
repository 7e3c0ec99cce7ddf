/**
 * Stands in for SvelteKit's form check, which runs before hooks, only in production builds, and would
 * refuse the providers' posts. Every write that could ride on a cookie must come from our own pages:
 * form posts and JSON alike. A bearer token is no cookie, and webhooks carry their own proof.
 */
import type { Handle } from '@sveltejs/kit';
import { readConfigOnce } from '../process';
import { refuse } from './refuse';
import { isWebhookPath } from './paths';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export const guardOrigin: Handle = ({ event, resolve }) => {
	const { request, url } = event;
	if (SAFE_METHODS.has(request.method) || isWebhookPath(url.pathname)) return resolve(event);
	if (request.headers.get('authorization')?.startsWith('Bearer ')) return resolve(event);
	const { origin } = readConfigOnce();
	if (request.headers.get('origin') === origin) return resolve(event);
	return refuse(
		event,
		'forbidden',
		`This request did not come from Talktime's own pages. Open ${origin} and try again.`
	);
};
