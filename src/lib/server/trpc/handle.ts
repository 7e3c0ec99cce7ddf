/**
 * tRPC inside SvelteKit's hooks, in the shape of trpc-sveltekit 4 (createTRPCHandle), over tRPC's own
 * fetch adapter: until that version is on npm, this is the swap of one import.
 */
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Handle, RequestEvent } from '@sveltejs/kit';
import type { Context } from '../context';
import { appRouter } from './router';

/** One request counts once against the rate limit, however many queries travel in it. */
const CALLS_AT_ONCE_MAX = 50;

export function createTRPCHandle(options: {
	url: `/${string}`;
	createContext: (event: RequestEvent) => Context;
	onError: (error: Error, path: string | undefined) => void;
}): Handle {
	return ({ event, resolve }) => {
		if (!event.url.pathname.startsWith(`${options.url}/`)) return resolve(event);
		return fetchRequestHandler({
			endpoint: options.url,
			req: event.request,
			router: appRouter,
			maxBatchSize: CALLS_AT_ONCE_MAX,
			createContext: () => options.createContext(event),
			onError({ error, path }) {
				if (error.code === 'INTERNAL_SERVER_ERROR') options.onError(error, path);
			}
		});
	};
}
