import { sql } from 'drizzle-orm';
import { ListRatesInput } from '$lib/inputs';
import type { Page, RateView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { parseInput } from '../parse';

const PAGE_ROWS = 100;

interface Row extends Record<string, unknown> {
	id: string;
	prefix: string;
	description: string;
	per_minute: string;
	initial_seconds: number;
	increment_seconds: number;
	effective_from_ms: string;
	state: RateView['state'];
}

/** Rates by prefix, of one prefix the newest first. */
export async function listRates({
	ctx,
	input
}: {
	ctx: Context;
	input: ListRatesInput;
}): Promise<Page<RateView>> {
	requirePermission(ctx, 'rates.read');
	const { search, show, cursor } = parseInput(ListRatesInput, input);
	const [afterPrefix = '', afterMs = '0'] = cursor?.split('_') ?? [];
	const now = sql`to_timestamp(${ctx.nowMs} / 1000.0)`;
	const digits = search?.replace(/^\+/, '') ?? '';
	const found = !search
		? sql``
		: /^\d+$/.test(digits)
			? sql`and prefix like ${`${digits}%`}`
			: sql`and description ilike ${`%${search.replace(/[\\%_]/g, (one) => `\\${one}`)}%`}`;
	const beyond =
		cursor === undefined
			? sql``
			: sql`and (prefix, -extract(epoch from effective_from) * 1000) > (${afterPrefix}, -${afterMs}::numeric)`;
	const rows = await ctx.services.database.db.execute<Row>(sql`
		with placed as (select *, case when effective_from > ${now} then 'to_come'
			when effective_from = max(effective_from) filter (where effective_from <= ${now}) over (partition by prefix)
			then 'current' else 'replaced' end as state from rates)
		select id, prefix, description, per_minute::text, initial_seconds, increment_seconds, state,
			(extract(epoch from effective_from) * 1000)::bigint as effective_from_ms
		from placed
		where ${show === 'current' ? sql`state = 'current'` : sql`true`} ${found} ${beyond}
		order by prefix, effective_from desc limit ${PAGE_ROWS + 1}`);
	const shown = rows.slice(0, PAGE_ROWS);
	const last = shown.at(-1);
	return {
		rows: shown.map((row) => ({
			id: row.id,
			prefix: row.prefix,
			description: row.description,
			perMinute: row.per_minute,
			initialSeconds: row.initial_seconds,
			incrementSeconds: row.increment_seconds,
			effectiveFrom: new Date(Number(row.effective_from_ms)).toISOString(),
			state: row.state
		})),
		nextCursor: rows.length > PAGE_ROWS && last ? `${last.prefix}_${last.effective_from_ms}` : null
	};
}
