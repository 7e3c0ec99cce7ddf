import { momentsAround } from '$lib/domain/analytics/period';
import { firstCallIdAt } from '$lib/domain/call/call-ids';
import type { ListCallsInput } from '$lib/inputs';
import { findScope } from '../analytics/analytics-period';
import { requirePerson } from '../authorize';
import { callConditions, findTarget, targetCondition } from '../calls/call-filters';
import type { Context } from '../context';
import { inChunks } from './chunks';
import { lineOf, momentCell, phoneCell, textCell } from './csv-sql';
import { exportHead } from './export-head';
import { filterText } from './filter-text';

/** Calls looked at per statement: some 100 ms of work. */
const CALLS_AT_ONCE = 20_000;
/** The first chunk is small, so that the file begins at once. */
const FIRST_CALLS = 500;
const COLUMNS =
	'call_id,local_day,placed_at_local,placed_at,answered_at,ended_at,number,country,contact,agent,provider,status,end_reason,talk_seconds,billed_minutes,cost';

/** The calls of a period that meet the filters, newest first, as CSV. */
export async function* exportCalls({
	ctx,
	input
}: {
	ctx: Context;
	input: ListCallsInput;
}): AsyncGenerator<string> {
	requirePerson(ctx, 'analytics.export');
	const scope = await findScope(ctx, input);
	yield await exportHead(ctx, scope, {
		title: 'calls',
		filter: filterText(input),
		words: ['success', 'answered', 'talk-time', 'billed-minutes', 'cost'],
		columns: COLUMNS.split(',')
	});
	const { sql } = ctx.services.database;
	const { organizationId, period, timezone } = scope;
	const { fromMs, toMs } = momentsAround(period);
	const target = await findTarget(ctx, organizationId, input.search);
	const line = lineOf(sql, [
		sql`l.id::text`,
		sql`l.local_day::text`,
		sql`to_char(l.initiated_at at time zone ${timezone}::text, 'YYYY-MM-DD HH24:MI:SS')`,
		momentCell(sql, 'l.initiated_at'),
		momentCell(sql, 'l.answered_at'),
		momentCell(sql, 'l.ended_at'),
		phoneCell(sql, 'l."to"'),
		sql`l.country`,
		textCell(sql, 'k.name'),
		textCell(sql, 'u.name'),
		sql`l.provider`,
		sql`l.status`,
		textCell(sql, 'l.end_reason'),
		sql`coalesce(l.duration::text, '')`,
		sql`coalesce(l.billed_minutes::text, '')`,
		sql`coalesce(l.cost::text, '')`
	]);
	const filters = callConditions(sql, input, scope);
	yield* inChunks({ before: firstCallIdAt(toMs), size: FIRST_CALLS }, async ({ before, size }) => {
		const [row] = await sql<{ text: string | null; looked_at: number; last_id: string | null }[]>`
				with l as materialized (
					select c.* from calls c where c.organization_id = ${organizationId} and c.id < ${before}::uuid
						and c.id >= ${firstCallIdAt(fromMs)}::uuid ${targetCondition(sql, target)}
					order by c.id desc limit ${size})
				select (select string_agg(${line} || E'\r\n', '' order by l.id desc) from l
						left join contacts k on k.id = l.contact_id left join users u on u.id = l.user_id
						where ${filters}) as text,
					(select count(*)::int from l) as looked_at,
					(select id::text from l order by id limit 1) as last_id`;
		const isLast = !row || row.looked_at < size || row.last_id === null;
		const next = isLast ? null : { before: row.last_id ?? before, size: CALLS_AT_ONCE };
		return { text: row?.text ?? null, next };
	});
}
