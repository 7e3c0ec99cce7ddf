import { addDays } from '$lib/domain/analytics/period';
import { toCsvCell } from '$lib/domain/csv/cells';
import { startOfLocalDay } from '$lib/domain/time-zone';
import type { AnalyticsInput } from '$lib/inputs';
import { findScope, type AnalyticsScope } from '../analytics/analytics-period';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { inChunks } from './chunks';
import { exportHead } from './export-head';
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
	'entry,booked_at_local,booked_at,type,amount,balance_before,balance_after,description,call_id';

/** The wallet's movements of a period, newest first, as CSV. Amounts that left the wallet are negative. */
export async function* exportTransactions({
	ctx,
	input
}: {
	ctx: Context;
	input: AnalyticsInput;
}): AsyncGenerator<string> {
	requirePerson(ctx, 'analytics.export');
	requirePerson(ctx, 'wallet.read');
	const scope = await findScope(ctx, input);
	yield await exportHead(ctx, scope, {
		title: 'transactions',
		filter: '',
		words: ['cost'],
		columns: COLUMNS.split(',')
	});
	const { sql } = ctx.services.database;
	const { organizationId, timezone } = scope;
	const { fromMs, toMs } = momentsOf(scope);
	const row = joined(sql, [
		asIs(sql, 't.seq'),
		local(sql, 't.created_at', timezone),
		asIs(sql, 't.created_at'),
		asIs(sql, 't.type'),
		asIs(sql, "case when t.type = 'debit' then -t.amount else t.amount end"),
		asIs(sql, 't.balance_before'),
		asIs(sql, 't.balance_after'),
		freeText(sql, 't.description'),
		orEmpty(sql, 't.call_id')
	]);
	const write = (columns: string[]) => {
		const [seq = '', atLocal = '', at = '', type = '', amount = '', ...others] = columns;
		const [before = '', after = '', description = '', callId = ''] = others;
		const moments = [localCell(atLocal), momentCell(at)];
		return [seq, ...moments, type, amount, before, after, toCsvCell(description), callId];
	};
	yield* inChunks(ctx.services.lane, Number.MAX_SAFE_INTEGER, async (before) => {
		const [last] = await sql<{ seq: string }[]>`
			select seq from balance_transactions where organization_id = ${organizationId} and seq < ${before}
			order by seq desc offset ${ROWS_AT_ONCE - 1} limit 1`;
		const rows = await sql<{ row: string }[]>`
			select ${row} as row
			from (select * from balance_transactions where organization_id = ${organizationId} and seq < ${before}
				order by seq desc limit ${ROWS_AT_ONCE}) t
			where t.created_at >= to_timestamp(${fromMs} / 1000.0) and t.created_at < to_timestamp(${toMs} / 1000.0)
			order by t.seq desc`;
		return { texts: toCsvLines(rows, write), next: last ? Number(last.seq) : null };
	});
}

/** The moments a scope of local days begins and ends at. */
export function momentsOf({ period, timezone, window }: AnalyticsScope) {
	return (
		window ?? {
			fromMs: startOfLocalDay(period.start, timezone),
			toMs: startOfLocalDay(addDays(period.end, 1), timezone)
		}
	);
}
