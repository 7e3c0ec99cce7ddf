import { toCsvCell } from '$lib/domain/csv/cells';
import type { AnalyticsInput } from '$lib/inputs';
import { findScope } from '../analytics/analytics-period';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { inChunks } from './chunks';
import { exportHead } from './export-head';
import { momentsOf } from './export-transactions';
import {
	asIs,
	freeText,
	joined,
	local,
	localCell,
	momentCell,
	orEmpty,
	toCsvLines
} from './raw-rows';

const ROWS_AT_ONCE = 5_000;
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
	const row = joined(sql, [
		asIs(sql, 'u.id'),
		local(sql, 'u.created_at', timezone),
		asIs(sql, 'u.created_at'),
		freeText(sql, 'u.call_id'),
		orEmpty(sql, 'u.call_start_time'),
		orEmpty(sql, 'u.call_end_time'),
		asIs(sql, 'u.minutes_consumed'),
		asIs(sql, 'u.allocation_id'),
		freeText(sql, 'a.reason')
	]);
	const write = (columns: string[]) => {
		const [id = '', atLocal = '', at = '', callId = '', start = '', end = '', ...others] = columns;
		const [minutes = '', allocationId = '', reason = ''] = others;
		const moments = [localCell(atLocal), momentCell(at)];
		const call = [toCsvCell(callId), momentCell(start), momentCell(end)];
		return [id, ...moments, ...call, minutes, allocationId, toCsvCell(reason)];
	};
	yield* inChunks(ctx.services.lane, Number.MAX_SAFE_INTEGER, async (before) => {
		const [last] = await sql<{ id: string }[]>`
			select id from call_minutes_usage_log where organization_id = ${organizationId} and id < ${before}
			order by id desc offset ${ROWS_AT_ONCE - 1} limit 1`;
		const rows = await sql<{ row: string }[]>`
			select ${row} as row
			from (select * from call_minutes_usage_log where organization_id = ${organizationId} and id < ${before}
				order by id desc limit ${ROWS_AT_ONCE}) u join minute_allocations a on a.id = u.allocation_id
			where u.created_at >= to_timestamp(${fromMs} / 1000.0) and u.created_at < to_timestamp(${toMs} / 1000.0)
			order by u.id desc`;
		return { texts: toCsvLines(rows, write), next: last ? Number(last.id) : null };
	});
}
