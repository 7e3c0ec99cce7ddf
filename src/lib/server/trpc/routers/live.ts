import { FeedInput } from '$lib/inputs';
import { openFeed } from '../../live/open-feed';
import { allowed, router } from '../init';
import { tracked } from '@trpc/server';

export const liveRouter = router({
	feed: allowed('live.read')
		.input(FeedInput)
		.subscription(async function* ({ ctx, input, signal }) {
			for await (const { id, item } of openFeed({ ctx, input, signal })) yield tracked(id, item);
		})
});
