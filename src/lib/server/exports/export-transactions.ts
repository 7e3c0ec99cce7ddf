import { addDays } from '$lib/domain/analytics/period';
import { startOfLocalDay } from '$lib/domain/time-zone';
import type { AnalyticsInput } from '$lib/inputs';
import { findScope, type AnalyticsScope } from '../analytics/analytics-period';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { inChunks } from './chunks';
import { lineOf, localCell, momentCell, textCell } from './csv-sql';
import { exportHead } from './export-head';

const ROWS_AT_ONCE = 20_000;
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
	const line = lineOf(sql, [
		sql`t.seq::text`,
		localCell(sql, 't.created_at', timezone),
		momentCell(sql, 't.created_at'),
		sql`t.type`,
		sql`(case when t.type = 'debit' then -t.amount else t.amount end)::text`,
		sql`t.balance_before::text`,
		sql`t.balance_after::text`,
		textCell(sql, 't.description'),
		sql`coalesce(t.call_id::text, '')`
	]);
	yield* inChunks(Number.MAX_SAFE_INTEGER, async (before) => {
		const [row] = await sql<{ text: string | null; looked_at: number; last: string | null }[]>`
			with t as materialized (
				select * from balance_transactions where organization_id = ${organizationId} and seq < ${before}
				order by seq desc limit ${ROWS_AT_ONCE})
			select (select string_agg(${line} || E'\r\n', '' order by t.seq desc) from t
					where t.created_at >= to_timestamp(${fromMs} / 1000.0)
						and t.created_at < to_timestamp(${toMs} / 1000.0)) as text,
				(select count(*)::int from t) as looked_at, (select min(seq) from t) as last`;
		const isLast = !row || row.looked_at < ROWS_AT_ONCE || row.last === null;
		return { text: row?.text ?? null, next: isLast ? null : Number(row.last) };
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
