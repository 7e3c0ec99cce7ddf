import { formatMicros, parseMicros } from '$lib/domain/money';
import type { AnalyticsView, CallView, TopNumberView } from '$lib/views';

/** Analytics as the REST document names its fields (DESIGN.md section 6). */
export function toAnalyticsBody(
	analytics: AnalyticsView,
	topNumbers: TopNumberView[],
	recentCalls: CallView[]
) {
	const { period, totals, talk, costOfCall } = analytics;
	return {
		period: { start: period.start, end: period.end, days: period.days },
		callStats: {
			total: analytics.placed,
			completed: totals.completed,
			failed: totals.failed,
			cancelled: totals.cancelled
		},
		timeStats: {
			totalDuration: totals.talkSeconds,
			averageDuration: talk.average ?? 0,
			maxDuration: talk.longest
		},
		costStats: {
			totalCost: totals.cost,
			averageCost: costOfCall.average ?? '0.000000',
			minCost: costOfCall.cheapest ?? '0.000000',
			maxCost: costOfCall.dearest ?? '0.000000'
		},
		topCountries: analytics.countries.slice(0, 10).map((country) => ({
			country: country.key,
			count: country.calls,
			cost: country.cost,
			duration: country.talkSeconds
		})),
		topNumbers: topNumbers.map(({ number, count, cost, country }) => ({
			number,
			count,
			cost: formatMicros(parseMicros(cost), 6),
			country
		})),
		dailyStats: analytics.days.map((day) => ({
			date: day.day,
			count: day.calls,
			duration: day.talkSeconds,
			cost: day.cost,
			successRate: day.successRate ?? 0
		})),
		recentCalls: recentCalls.map((call) => ({
			id: call.id,
			to: call.to,
			status: call.status,
			end_reason: call.endReason,
			duration: call.durationSeconds,
			billed_minutes: call.billedMinutes,
			cost: call.cost,
			started_at: call.initiatedAt,
			ended_at: call.endedAt
		}))
	};
}
