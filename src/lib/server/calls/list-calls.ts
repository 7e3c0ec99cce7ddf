/**
 * Calls of a period, newest first, by keyset. A filter that few calls meet could make one page read a
 * year of them, so each page looks at a bounded number of calls and says how far it came.
 */
import { desc, sql } from 'drizzle-orm';
import { momentsAround } from '$lib/domain/analytics/period';
import { firstCallIdAt, momentOfCallId } from '$lib/domain/call/call-ids';
import type { ListCallsInput } from '$lib/inputs';
import type { CallsPageView } from '$lib/views';
import { findScope, type AnalyticsScope } from '../analytics/analytics-period';
import type { Context } from '../context';
import { writeOnce } from '../db/prepared';
import { calls } from '../db/schema/index';
import { callConditions, findTarget, targetCondition, type Target } from './call-filters';
import { selectCalls, toCallView } from './call-rows';

/** Calls one page looks at, at most: some ten milliseconds. */
const LOOKED_AT_MAX = 5_000;
/** Without a filter nearly every call fits: this many times a page is mostly enough. */
const PAGES_LOOKED_AT = 3;

export async function listCalls({
	ctx,
	input
}: {
	ctx: Context;
	input: ListCallsInput;
}): Promise<CallsPageView> {
	const scope = await findScope(ctx, input);
	const { db } = ctx.services.database;
	const found = await findIds(ctx, scope, input);
	const ids = found.ids.slice(0, input.limit);
	const rows = ids.length === 0 ? [] : await callsOf(db).execute({ ids: `{${ids.join(',')}}` });
	const isPageFull = found.ids.length > input.limit;
	const lookedTo = found.lookedAt < LOOKED_AT_MAX ? null : found.lastId;
	return {
		rows: rows.map(toCallView),
		nextCursor: isPageFull ? (ids.at(-1) ?? null) : lookedTo,
		searchedTo:
			isPageFull || lookedTo === null ? null : new Date(momentOfCallId(lookedTo)).toISOString()
	};
}

const callsOf = writeOnce((db) =>
	selectCalls(db)
		.where(sql`${calls.id} = any(${sql.placeholder('ids')}::uuid[])`)
		.orderBy(desc(calls.id))
		.prepare('calls_of')
);

interface FoundIds {
	ids: string[];
	lookedAt: number;
	lastId: string | null;
}

async function findIds(
	ctx: Context,
	scope: AnalyticsScope,
	input: ListCallsInput
): Promise<FoundIds> {
	const target = await findTarget(ctx, scope.organizationId, input.search);
	const few = Math.min(input.limit * PAGES_LOOKED_AT, LOOKED_AT_MAX);
	const found = await lookAt(ctx, scope, input, target, few);
	const isEnough = found.ids.length > input.limit || found.lookedAt < few;
	return isEnough ? found : lookAt(ctx, scope, input, target, LOOKED_AT_MAX);
}

async function lookAt(
	ctx: Context,
	scope: AnalyticsScope,
	input: ListCallsInput,
	target: Target,
	count: number
): Promise<FoundIds> {
	const { sql } = ctx.services.database;
	const { organizationId, period } = scope;
	const { fromMs, toMs } = momentsAround(period);
	const before = input.cursor ?? firstCallIdAt(toMs);
	const conditions = callConditions(sql, input, scope);
	const [row] = await sql<{ ids: string[]; looked_at: number; last_id: string | null }[]>`
		with looked_at as materialized (
			select c.id, c.status, c.end_reason, c.provider, c.user_id, c.country, c.local_day, c."to", c.initiated_at
			from calls c where c.organization_id = ${organizationId}
				and c.id < ${before}::uuid and c.id >= ${firstCallIdAt(fromMs)}::uuid ${targetCondition(sql, target)}
			order by c.id desc limit ${count})
		select array_to_json(array(select l.id from looked_at l
				where ${conditions}
				order by l.id desc limit ${input.limit + 1})) as ids,
			(select count(*)::int from looked_at) as looked_at,
			(select id from looked_at order by id limit 1) as last_id`;
	return { ids: row?.ids ?? [], lookedAt: row?.looked_at ?? 0, lastId: row?.last_id ?? null };
}
