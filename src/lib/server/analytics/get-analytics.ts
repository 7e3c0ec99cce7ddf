/**
 * An organisation's calls over a period: totals, days, countries and numbers. Everything but the newest
 * moment comes from daily rows, so a year of a big organisation opens like a day of a small one.
 */
import { daysOf } from '$lib/domain/analytics/period';
import { talkPercentile } from '$lib/domain/analytics/talk-buckets';
import { formatMicros, parseMicros } from '$lib/domain/money';
import type { AnalyticsInput } from '$lib/inputs';
import type { AnalyticsView, CallCountsView, DayView } from '$lib/views';
import type { Context } from '../context';
import { findScope, scopeBefore, type AnalyticsScope } from './analytics-period';
import {
	breakdownRows,
	placedWithin,
	sumOfBuckets,
	sumOfCounts,
	type Counts
} from './breakdown-rows';
import { NO_CALLS, toCountsView } from './counts-view';
import { findTopNumbers } from './top-numbers';

type SumRow = Counts & {
	day: string | null;
	key: string | null;
	/** Of the whole period alone: nobody asks for the percentiles of a day. */
	talk_buckets: number[] | null;
};

export async function getAnalytics({
	ctx,
	input
}: {
	ctx: Context;
	input: AnalyticsInput;
}): Promise<AnalyticsView> {
	const scope = await findScope(ctx, input);
	const earlier = scopeBefore(scope);
	const [sums, placed, before, placedBefore] = await Promise.all([
		readSums(ctx, scope),
		countPlaced(ctx, scope),
		readTotals(ctx, earlier),
		countPlaced(ctx, earlier)
	]);
	const total = sums.find((row) => row.day === null && row.key === null);
	if (!total) throw new Error('The sum of a period has no row.');
	const top = await findTopNumbers(ctx, scope, placed);
	return {
		organizationId: scope.organizationId,
		timezone: scope.timezone,
		period: scope.period,
		isTodayIncluded: scope.isTodayIncluded,
		window: scope.window && { from: isoOf(scope.window.fromMs), to: isoOf(scope.window.toMs) },
		placed,
		totals: toCountsView(total),
		before: { placed: placedBefore, totals: before },
		talk: {
			average: total.answered === 0 ? null : Math.round(total.talk_seconds / total.answered),
			median: talkPercentile(total.talk_buckets ?? [], 0.5, total.talk_seconds_max),
			p90: talkPercentile(total.talk_buckets ?? [], 0.9, total.talk_seconds_max),
			longest: total.talk_seconds_max
		},
		costOfCall: {
			average: total.completed === 0 ? null : averageOf(total.cost, total.completed),
			cheapest: total.cost_min === null ? null : formatMicros(parseMicros(total.cost_min), 6),
			dearest: total.cost_max === null ? null : formatMicros(parseMicros(total.cost_max), 6)
		},
		days: everyDay(scope, sums),
		countries: sums
			.flatMap((row) =>
				row.key === null ? [] : [{ key: row.key, name: null, ...toCountsView(row) }]
			)
			.sort((first, second) => second.calls - first.calls || (first.key < second.key ? -1 : 1)),
		topNumbers: top?.numbers ?? null,
		topNumbersAt: top?.countedAt ?? null
	};
}

/** The whole period, each of its days, and each of its countries, in one pass over the rows. */
function readSums(ctx: Context, scope: AnalyticsScope): Promise<SumRow[]> {
	const { sql } = ctx.services.database;
	return sql<SumRow[]>`
		select day::text as day, key, ${sumOfCounts(sql)},
			case when grouping(day, key) = 3 then ${sumOfBuckets(sql)} end as talk_buckets
		from (${breakdownRows(sql, 'country', scope)}) as kept
		group by grouping sets ((), (day), (key))`;
}

async function readTotals(ctx: Context, scope: AnalyticsScope): Promise<CallCountsView> {
	const { sql } = ctx.services.database;
	const [row] = await sql<Counts[]>`
		select ${sumOfCounts(sql)} from (${breakdownRows(sql, 'country', scope)}) as kept`;
	return row ? toCountsView(row) : NO_CALLS;
}

/** Days without a call are days too. */
function everyDay({ period }: AnalyticsScope, sums: SumRow[]): DayView[] {
	const byDay = new Map(sums.map((row) => [row.day, row]));
	return daysOf(period).map((day) => {
		const row = byDay.get(day);
		return { day, ...(row ? toCountsView(row) : NO_CALLS) };
	});
}

async function countPlaced(
	ctx: Context,
	{ organizationId, period, window }: AnalyticsScope
): Promise<number> {
	const { sql } = ctx.services.database;
	const [row] = window
		? await sql<{ placed: number }[]>`
		select count(*)::int as placed from calls c where ${placedWithin(sql, organizationId, window)}`
		: await sql<{ placed: number }[]>`
		select coalesce(sum(total), 0)::int as placed from call_stats_daily
		where organization_id = ${organizationId}
			and day between ${period.start}::date and ${period.end}::date`;
	return row?.placed ?? 0;
}

function isoOf(atMs: number): string {
	return new Date(atMs).toISOString();
}

function averageOf(sum: string, count: number): string {
	return formatMicros(parseMicros(sum) / BigInt(count), 6);
}
