import type { AnalyticsInput } from '$lib/inputs';
import type { AnalyticsBreakdownsView, CallGroupView } from '$lib/views';
import type { Context } from '../context';
import type { Breakdown } from '../db/schema/index';
import { findScope, type AnalyticsScope } from './analytics-period';
import { breakdownRows, sumOfCounts, type Counts } from './breakdown-rows';
import { toCountsView } from './counts-view';

/** A period's calls by agent, provider, end reason, and weekday and hour. */
export async function getBreakdowns({
	ctx,
	input
}: {
	ctx: Context;
	input: AnalyticsInput;
}): Promise<AnalyticsBreakdownsView> {
	const scope = await findScope(ctx, input);
	const [agents, providers, endReasons, heat] = await Promise.all([
		groupsOf(ctx, scope, 'agent'),
		groupsOf(ctx, scope, 'provider'),
		groupsOf(ctx, scope, 'end_reason'),
		readHeat(ctx, scope)
	]);
	const names = await namesOfAgents(ctx, agents);
	return {
		agents: agents.map((agent) => ({ ...agent, name: names.get(agent.key) ?? null })),
		providers,
		endReasons,
		heat
	};
}

async function groupsOf(
	ctx: Context,
	scope: AnalyticsScope,
	dimension: Breakdown
): Promise<CallGroupView[]> {
	const { sql } = ctx.services.database;
	const rows = await sql<(Counts & { key: string })[]>`
		select key, ${sumOfCounts(sql)}
		from (${breakdownRows(sql, dimension, scope)}) as kept
		group by key order by calls desc, key`;
	return rows.map((row) => ({ key: row.key, name: null, ...toCountsView(row) }));
}

async function readHeat(ctx: Context, scope: AnalyticsScope) {
	const { sql } = ctx.services.database;
	const rows = await sql<{ weekday: number; hour: number; calls: number; answered: number }[]>`
		select extract(dow from day)::int as weekday, key::int as hour, sum(calls)::int as calls,
			sum(answered)::int as answered
		from (${breakdownRows(sql, 'hour', scope)}) as kept
		group by 1, 2 order by 1, 2`;
	return rows.map(({ weekday, hour, calls, answered }) => ({ weekday, hour, calls, answered }));
}

async function namesOfAgents(ctx: Context, agents: CallGroupView[]): Promise<Map<string, string>> {
	const ids = agents.map(({ key }) => key).filter((key) => key !== '');
	if (ids.length === 0) return new Map();
	const { sql } = ctx.services.database;
	const rows = await sql<{ id: string; name: string }[]>`
		select id, name from users where id in ${sql(ids)}`;
	return new Map(rows.map(({ id, name }) => [id, name]));
}
