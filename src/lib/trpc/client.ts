import {
	createTRPCClient,
	httpBatchLink,
	httpLink,
	httpSubscriptionLink,
	splitLink
} from '@trpc/client';
import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '$lib/server/trpc/router';
import { proofLink } from './proof-link';

const URL = '/trpc';

export type TalktimeClient = TRPCClient<AppRouter>;

interface ClientOptions {
	/** Has the person show that it is them; false when they would not. */
	askForProof: () => Promise<boolean>;
}

/** Queries travel together, mutations alone (each is its own request and its own answer), the feed over SSE. */
export function createTalktimeClient({ askForProof }: ClientOptions): TalktimeClient {
	return createTRPCClient<AppRouter>({
		links: [
			proofLink(askForProof),
			splitLink({
				condition: (operation) => operation.type === 'subscription',
				true: httpSubscriptionLink({ url: URL }),
				false: splitLink({
					condition: (operation) => operation.type === 'mutation',
					true: httpLink({ url: URL }),
					false: httpBatchLink({ url: URL, maxItems: 40 })
				})
			})
		]
	});
}
