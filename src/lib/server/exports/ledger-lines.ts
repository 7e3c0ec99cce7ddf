import { addDays } from '$lib/domain/analytics/period';
import { startOfLocalDay } from '$lib/domain/time-zone';
import type { AnalyticsScope } from '../analytics/analytics-period';
import type { Context } from '../context';
import { Inline, inline } from '../db/inline';
import { inChunks } from './chunks';
import { cellsOf, type Column } from './columns';

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
): AsyncGenerator<Uint8Array> {
	const { database, lane } = ctx.services;
	const { fromMs, toMs } = momentsOf(scope);
	const [ofTable, keyOf] = [new Inline(table), new Inline(key)];
	return inChunks(lane, Number.MAX_SAFE_INTEGER, async (before) => {
		const [last] = await database.sql<{ key: string }[]>`
			select ${database.sql(key)} as key from ${database.sql(table)}
			where organization_id = ${scope.organizationId} and ${database.sql(key)} < ${before}
			order by ${database.sql(key)} desc offset ${ROWS_AT_ONCE - 1} limit 1`;
		const from = last ? Number(last.key) : 0;
		// Both ends are keys: counted again, entries that came in between would push out others.
		const pieces = database.copyOut(
			scope.timezone,
			inline`
			select ${cellsOf(columns)}
			from ${ofTable} e ${new Inline(joins)}
			where e.organization_id = ${scope.organizationId} and e.${keyOf} < ${before} and e.${keyOf} >= ${from}
				and e.created_at >= to_timestamp(${fromMs} / 1000.0) and e.created_at < to_timestamp(${toMs} / 1000.0)
			order by e.${keyOf} desc`
		);
		return { pieces, next: last ? from : null };
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
