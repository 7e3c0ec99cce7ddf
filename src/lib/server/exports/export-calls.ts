import { momentsAround } from '$lib/domain/analytics/period';
import { firstCallIdAt } from '$lib/domain/call/call-ids';
import type { ListCallsInput } from '$lib/inputs';
import { findScope } from '../analytics/analytics-period';
import { requirePerson } from '../authorize';
import { callConditions, findTarget, targetCondition } from '../calls/call-filters';
import type { Context } from '../context';
import { inChunks } from './chunks';
import { lineOf, localCell, momentCell, phoneCell, plainCell, textCell } from './csv-sql';
import { exportHead } from './export-head';
import { filterText } from './filter-text';

/** Calls looked at per statement: some 50 ms of work. */
const CALLS_AT_ONCE = 10_000;
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
		sql`l.id`,
		sql`l.local_day`,
		localCell(sql, 'l.initiated_at', timezone),
		momentCell(sql, 'l.initiated_at'),
		momentCell(sql, 'l.answered_at'),
		momentCell(sql, 'l.ended_at'),
		phoneCell(sql, 'l."to"'),
		sql`l.country`,
		textCell(sql, 'k.name'),
		sql`coalesce(u.cell, '')`,
		sql`l.provider`,
		sql`l.status`,
		textCell(sql, 'l.end_reason'),
		plainCell(sql, 'l.duration'),
		plainCell(sql, 'l.billed_minutes'),
		plainCell(sql, 'l.cost')
	]);
	// Few people make many calls: each name is made a cell once.
	const people = sql`select id, ${textCell(sql, 'name')} as cell from users
		where organization_id = ${organizationId} or organization_id is null`;
	const filters = callConditions(sql, input, scope);
	const lookedAt = (
		before: string
	) => sql`c.organization_id = ${organizationId} and c.id < ${before}::uuid
		and c.id >= ${firstCallIdAt(fromMs)}::uuid ${targetCondition(sql, target)}`;
	yield* inChunks({ before: firstCallIdAt(toMs), size: FIRST_CALLS }, async ({ before, size }) => {
		const [last] = await sql<{ id: string }[]>`
			select c.id from calls c where ${lookedAt(before)} order by c.id desc offset ${size - 1} limit 1`;
		const [row] = await sql<{ text: string | null }[]>`
			select string_agg(line, E'\r\n') || E'\r\n' as text from (
				select ${line} as line
				from (select c.* from calls c where ${lookedAt(before)} order by c.id desc limit ${size}) l
					left join contacts k on k.id = l.contact_id left join (${people}) u on u.id = l.user_id
				where ${filters} order by l.id desc) lines`;
		const next = last ? { before: last.id, size: CALLS_AT_ONCE } : null;
		return { text: row?.text ?? null, next };
	});
}
