/**
 * The numbers called most. Counting them takes every call of the period, so for a big organisation they
 * are counted now and then by a job and say when; for a small one, while it is asked.
 */
import type { TopNumberView } from '$lib/views';
import { lastDays, momentsAround } from '$lib/domain/analytics/period';
import { firstCallIdAt } from '$lib/domain/call/call-ids';
import { ANALYTICS_DAYS, type AnalyticsInput } from '$lib/inputs';
import type { Context } from '../context';
import { findScope, type AnalyticsScope } from './analytics-period';
import { placedWithin } from './breakdown-rows';

/** Up to so many calls are counted while somebody waits: some ten milliseconds. */
const CALLS_WHILE_WAITING = 10_000;
const NUMBERS = 10;
/** A count is made again when it is older than this share of its period, and calls have come. */
const REFRESH_MS_PER_DAY = 60_000;

export interface TopNumbers {
	numbers: TopNumberView[];
	/** ISO time of the count; null: just now. */
	countedAt: string | null;
}

/** @returns null when nothing is kept and counting would take long */
export async function findTopNumbers(
	ctx: Context,
	scope: AnalyticsScope,
	placed: number
): Promise<TopNumbers | null> {
	const { organizationId, period, isTodayIncluded } = scope;
	if (placed <= CALLS_WHILE_WAITING) {
		return { numbers: await countNumbers(ctx, scope), countedAt: null };
	}
	const isStanding = isTodayIncluded && ANALYTICS_DAYS.some((days) => days === period.days);
	if (!isStanding) return null;
	const [kept] = await ctx.services.database.sql<
		{ numbers: TopNumberView[]; counted_at_ms: string }[]
	>`
		select numbers, (extract(epoch from counted_at) * 1000)::bigint as counted_at_ms from call_top_numbers
		where organization_id = ${organizationId} and days = ${period.days}`;
	if (!kept) return null;
	return { numbers: kept.numbers, countedAt: new Date(Number(kept.counted_at_ms)).toISOString() };
}

/** Counts anew for every big organisation whose count is old. */
export async function refreshTopNumbers({ ctx }: { ctx: Context }): Promise<{ counted: number }> {
	const { sql } = ctx.services.database;
	const organizations = await sql<{ id: number; timezone: string }[]>`
		select o.id, o.timezone from organizations o where (
			select sum(total) from call_stats_daily s where s.organization_id = o.id
				and s.day > (to_timestamp(${ctx.nowMs} / 1000.0))::date - 366) > ${CALLS_WHILE_WAITING}`;
	let counted = 0;
	for (const { id, timezone } of organizations) {
		for (const days of ANALYTICS_DAYS) {
			const [kept] = await sql<{ counted_at_ms: string }[]>`
				select (extract(epoch from counted_at) * 1000)::bigint as counted_at_ms from call_top_numbers where organization_id = ${id} and days = ${days}`;
			const isOld = !kept || ctx.nowMs - Number(kept.counted_at_ms) >= days * REFRESH_MS_PER_DAY;
			if (!isOld) continue;
			const period = lastDays(days, ctx.nowMs, timezone);
			const numbers = await countNumbers(ctx, { organizationId: id, period, window: null });
			await sql`
				insert into call_top_numbers (organization_id, days, counted_at, numbers)
				values (${id}, ${days}, to_timestamp(${ctx.nowMs} / 1000.0), ${JSON.stringify(numbers)}::jsonb)
				on conflict (organization_id, days) do update
				set counted_at = excluded.counted_at, numbers = excluded.numbers`;
			counted++;
		}
	}
	return { counted };
}

/** Counts them for somebody who is ready to wait. */
export async function listTopNumbers({
	ctx,
	input
}: {
	ctx: Context;
	input: AnalyticsInput;
}): Promise<TopNumberView[]> {
	return countNumbers(ctx, await findScope(ctx, input));
}

function countNumbers(
	ctx: Context,
	{ organizationId, period, window }: Pick<AnalyticsScope, 'organizationId' | 'period' | 'window'>
): Promise<TopNumberView[]> {
	const { sql } = ctx.services.database;
	const { fromMs, toMs } = momentsAround(period);
	const within = window
		? placedWithin(sql, organizationId, window)
		: sql`c.organization_id = ${organizationId}
			and c.id >= ${firstCallIdAt(fromMs)}::uuid and c.id < ${firstCallIdAt(toMs)}::uuid
			and c.local_day between ${period.start}::date and ${period.end}::date`;
	return sql<TopNumberView[]>`
		select "to" as number, count(*)::int as count, coalesce(sum(cost), 0)::numeric(18, 6)::text as cost,
			min(country) as country
		from calls c where ${within}
		group by "to" order by count(*) desc, "to" limit ${NUMBERS}`;
}
