import type { AnalyticsInput } from '$lib/inputs';
import { findScope } from '../analytics/analytics-period';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { inChunks } from './chunks';
import { lineOf, localCell, momentCell, textCell } from './csv-sql';
import { exportHead } from './export-head';
import { momentsOf } from './export-transactions';

const ROWS_AT_ONCE = 20_000;
const COLUMNS =
	'entry,used_at_local,used_at,call_id,call_started_at,call_ended_at,minutes,allocation_id,allocation';

/** Minutes that allocations paid in a period, newest first, as CSV: one line per call and allocation. */
export async function* exportUsage({
	ctx,
	input
}: {
	ctx: Context;
	input: AnalyticsInput;
}): AsyncGenerator<string> {
	requirePerson(ctx, 'analytics.export');
	requirePerson(ctx, 'minutes.read');
	const scope = await findScope(ctx, input);
	yield await exportHead(ctx, scope, {
		title: 'usage of minutes',
		filter: '',
		words: ['billed-minutes'],
		columns: COLUMNS.split(',')
	});
	const { sql } = ctx.services.database;
	const { organizationId, timezone } = scope;
	const { fromMs, toMs } = momentsOf(scope);
	const line = lineOf(sql, [
		sql`u.id::text`,
		localCell(sql, 'u.created_at', timezone),
		momentCell(sql, 'u.created_at'),
		textCell(sql, 'u.call_id'),
		momentCell(sql, 'u.call_start_time'),
		momentCell(sql, 'u.call_end_time'),
		sql`u.minutes_consumed::text`,
		sql`u.allocation_id::text`,
		textCell(sql, 'a.reason')
	]);
	yield* inChunks(Number.MAX_SAFE_INTEGER, async (before) => {
		const [row] = await sql<{ text: string | null; looked_at: number; last: string | null }[]>`
			with u as materialized (
				select * from call_minutes_usage_log where organization_id = ${organizationId} and id < ${before}
				order by id desc limit ${ROWS_AT_ONCE})
			select (select string_agg(${line} || E'\r\n', '' order by u.id desc) from u
					join minute_allocations a on a.id = u.allocation_id
					where u.created_at >= to_timestamp(${fromMs} / 1000.0)
						and u.created_at < to_timestamp(${toMs} / 1000.0)) as text,
				(select count(*)::int from u) as looked_at, (select min(id) from u) as last`;
		const isLast = !row || row.looked_at < ROWS_AT_ONCE || row.last === null;
		return { text: row?.text ?? null, next: isLast ? null : Number(row.last) };
	});
}
