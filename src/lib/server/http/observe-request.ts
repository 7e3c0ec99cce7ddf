import type { Handle } from '@sveltejs/kit';
import { getServices } from '../process';

/** Probes and files: counted, and logged only when somebody looks closely. */
const QUIET = /^\/(healthz|readyz|metrics|_app\/)/;

/** Counts and logs each request under its id, by route and without what was asked for in it. */
export const observeRequest: Handle = async ({ event, resolve }) => {
	const startedAt = performance.now();
	const response = await resolve(event);
	const { metrics, log } = getServices();
	const { pathname } = event.url;
	const route = event.route.id ?? (pathname.startsWith('/trpc/') ? '/trpc' : 'none');
	const { method } = event.request;
	const seconds = (performance.now() - startedAt) / 1000;
	metrics.countRequest(
		{ route, method, status: `${Math.floor(response.status / 100)}xx` },
		seconds
	);
	const line = {
		requestId: event.locals.requestId,
		method,
		route,
		...(route === '/trpc' && { procedures: pathname.slice('/trpc/'.length).slice(0, 200) }),
		status: response.status,
		ms: Math.round(seconds * 1000)
	};
	if (QUIET.test(pathname)) log.debug(line, 'request');
	else log.info(line, 'request');
	return response;
};
