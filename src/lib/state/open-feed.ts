import type { TalktimeClient } from '$lib/trpc/client';
import type { FeedOptions } from './live-feed.svelte';

/** Opens `live.feed` over SSE for a `LiveFeed`. */
export function openFeed(
	client: TalktimeClient,
	scope: 'organization' | 'fleet'
): FeedOptions['open'] {
	return (cursor, listener) => {
		const subscription = client.live.feed.subscribe(
			{ cursor, scope },
			{
				onConnectionStateChange: (connection) => {
					if (connection.state === 'pending') listener.onOpen();
					if (connection.state === 'connecting' && connection.error) listener.onLost();
				},
				onData: (tracked) => listener.onItem(tracked.id, tracked.data),
				onError: () => listener.onEnd(),
				onComplete: () => listener.onEnd()
			}
		);
		return () => subscription.unsubscribe();
	};
}
