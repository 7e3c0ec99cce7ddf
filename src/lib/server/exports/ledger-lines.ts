import { addDays } from '$lib/domain/analytics/period';
import { startOfLocalDay } from '$lib/domain/time-zone';
import type { AnalyticsScope } from '../analytics/analytics-period';
import type { Context } from '../context';
import { inChunks } from './chunks';
import { joined, toCsvLines, type Column } from './columns';

const ROWS_AT_ONCE = 5_000;

/** A table of entries `e` that are numbered as they are made. */
interface Ledger {
	table: 'balance_transactions' | 'call_minutes_usage_log';
	/** The number of an entry. */
	key: 'seq' | 'id';
	/** What else its columns are read from. */
	joins?: string;
}

/** A ledger's entries of a period, newest first, as lines of a file. */
export function ledgerLines(
	ctx: Context,
	scope: AnalyticsScope,
	{ table, key, joins = '' }: Ledger,
	columns: Column[]
): AsyncGenerator<string> {
	const { sql } = ctx.services.database;
	const { fromMs, toMs } = momentsOf(scope);
	const keyOf = sql(key);
	return inChunks(ctx.services.lane, Number.MAX_SAFE_INTEGER, async (before) => {
		const entries = sql`from ${sql(table)}
			where organization_id = ${scope.organizationId} and ${keyOf} < ${before} order by ${keyOf} desc`;
		const [last] = await sql<{ key: string }[]>`
			select ${keyOf} as key ${entries} offset ${ROWS_AT_ONCE - 1} limit 1`;
		const rows = await sql<{ row: string }[]>`
			select ${joined(sql, columns)} as row
			from (select * ${entries} limit ${ROWS_AT_ONCE}) e ${sql.unsafe(joins)}
			where e.created_at >= to_timestamp(${fromMs} / 1000.0) and e.created_at < to_timestamp(${toMs} / 1000.0)
			order by e.${keyOf} desc`;
		return { texts: toCsvLines(rows, columns), next: last ? Number(last.key) : null };
	});
}

/** The moments a scope of local days begins and ends at. */
function momentsOf({ period, timezone, window }: AnalyticsScope) {
	return (
		window ?? {
			fromMs: startOfLocalDay(period.start, timezone),
			toMs: startOfLocalDay(addDays(period.end, 1), timezone)
		}
	);
}
