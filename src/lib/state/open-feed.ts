import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { FeedListener, FeedOptions } from './live-feed.svelte';

/** Opens `live.feed` over SSE for a `LiveFeed`. */
export function openFeed(
	client: TalktimeClient,
	scope: 'organization' | 'fleet',
	onSignedOut: () => void
): FeedOptions['open'] {
	/** A stream that ends may do so because its reader was signed out: asking tells. */
	const ended = (listener: FeedListener) => {
		listener.onEnd();
		client.account.get.query().catch((thrown: unknown) => {
			if (readRefusal(thrown).code === 'UNAUTHORIZED') onSignedOut();
		});
	};
	return (cursor, listener) => {
		const subscription = client.live.feed.subscribe(
			{ cursor, scope },
			{
				onConnectionStateChange: (connection) => {
					if (connection.state === 'pending') listener.onOpen();
					if (connection.state === 'connecting' && connection.error) listener.onLost();
				},
				onData: (tracked) => listener.onItem(tracked.id, tracked.data),
				onError: () => ended(listener),
				onComplete: () => ended(listener)
			}
		);
		return () => subscription.unsubscribe();
	};
}
