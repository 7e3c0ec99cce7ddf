import {
	createTRPCClient,
	httpBatchLink,
	httpLink,
	httpSubscriptionLink,
	splitLink
} from '@trpc/client';
import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '$lib/server/trpc/router';

const URL = '/trpc';

export type TalktimeClient = TRPCClient<AppRouter>;

/** Queries travel together, mutations alone (each is its own request and its own answer), the feed over SSE. */
export function createTalktimeClient(): TalktimeClient {
	return createTRPCClient<AppRouter>({
		links: [
			splitLink({
				condition: (operation) => operation.type === 'subscription',
				true: httpSubscriptionLink({ url: URL }),
				false: splitLink({
					condition: (operation) => operation.type === 'mutation',
					true: httpLink({ url: URL }),
					false: httpBatchLink({ url: URL })
				})
			})
		]
	});
}
