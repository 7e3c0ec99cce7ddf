import type { RequestHandler } from './$types';
import { getAnalytics } from '$lib/server/analytics/get-analytics';
import { toAnalyticsBody } from '$lib/server/analytics/rest-body';
import { listTopNumbers } from '$lib/server/analytics/top-numbers';
import { requirePerson } from '$lib/server/authorize';
import { listCalls } from '$lib/server/calls/list-calls';
import { answerRest } from '$lib/server/http/rest';
import { CallAnalyticsQuery } from '$lib/inputs/rest';
import { parseInput } from '$lib/server/parse';

export const GET: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'analytics.read');
		const input = parseInput(CallAnalyticsQuery, Object.fromEntries(event.url.searchParams));
		const [analytics, recent] = await Promise.all([
			getAnalytics({ ctx, input }),
			listCalls({ ctx, input: { ...input, limit: 20 } })
		]);
		const topNumbers = analytics.topNumbers ?? (await listTopNumbers({ ctx, input }));
		return { body: toAnalyticsBody(analytics, topNumbers, recent.rows) };
	});
