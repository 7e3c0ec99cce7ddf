import { AnalyticsInput } from '$lib/inputs';
import { getAnalytics } from '../../analytics/get-analytics';
import { getBreakdowns } from '../../analytics/get-breakdowns';
import { listTopNumbers } from '../../analytics/top-numbers';
import { allowed, router } from '../init';

export const analyticsRouter = router({
	calls: allowed('analytics.read')
		.input(AnalyticsInput)
		.query(({ ctx, input }) => getAnalytics({ ctx, input })),
	breakdowns: allowed('analytics.read')
		.input(AnalyticsInput)
		.query(({ ctx, input }) => getBreakdowns({ ctx, input })),
	topNumbers: allowed('analytics.read')
		.input(AnalyticsInput)
		.query(({ ctx, input }) => listTopNumbers({ ctx, input }))
});
