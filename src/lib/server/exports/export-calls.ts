import { momentsAround } from '$lib/domain/analytics/period';
import { firstCallIdAt } from '$lib/domain/call/call-ids';
import type { ListCallsInput } from '$lib/inputs';
import { findScope } from '../analytics/analytics-period';
import { requirePerson } from '../authorize';
import { callConditions, findTarget, targetCondition } from '../calls/call-filters';
import type { Context } from '../context';
import { Inline, inline } from '../db/inline';
import { inChunks } from './chunks';
import { cellsOf, guarded, moment, phone, plain, text } from './columns';
import { exportHead } from './export-head';
import { filterText } from './filter-text';

/** Calls looked at per statement: some 30 ms of work. */
const CALLS_AT_ONCE = 5_000;
/** The first chunk is small, so that the file begins at once. */
const FIRST_CALLS = 500;

/** The calls of a period that meet the filters, newest first, as CSV. */
export async function* exportCalls({
	ctx,
	input
}: {
	ctx: Context;
	input: ListCallsInput;
}): AsyncGenerator<Uint8Array> {
	requirePerson(ctx, 'analytics.export');
	const scope = await findScope(ctx, input);
	const { database, lane } = ctx.services;
	const { organizationId, period, timezone } = scope;
	const columns = [
		plain('call_id', 'l.id'),
		plain('local_day', 'l.local_day'),
		moment('placed_at', 'l.initiated_at'),
		moment('answered_at', 'l.answered_at'),
		moment('ended_at', 'l.ended_at'),
		phone('number', 'l."to"'),
		plain('country', 'l.country'),
		text('contact', 'l.contact'),
		plain('agent', 'l.agent'),
		plain('provider', 'l.provider'),
		plain('status', 'l.status'),
		text('end_reason', 'l.end_reason'),
		plain('talk_seconds', 'l.duration'),
		plain('billed_minutes', 'l.billed_minutes'),
		plain('cost', 'l.cost')
	];
	yield await exportHead(ctx, scope, {
		title: 'calls',
		filter: filterText(input),
		words: ['success', 'answered', 'talk-time', 'billed-minutes', 'cost'],
		columns: columns.map(({ name }) => name)
	});
	const { fromMs, toMs } = momentsAround(period);
	const target = await findTarget(ctx, organizationId, input.search);
	const oldest = firstCallIdAt(fromMs);
	const { sql } = database;
	const isMeant = sql`c.organization_id = ${organizationId} ${targetCondition(sql, target)}`;
	const isMeantInline = inline`c.organization_id = ${organizationId} ${targetCondition(inline, target)}`;
	const first = { before: firstCallIdAt(toMs), size: FIRST_CALLS };
	yield* inChunks(lane, first, async ({ before, size }) => {
		const [last] = await sql<{ id: string }[]>`
			select c.id from calls c where ${isMeant} and c.id < ${before}::uuid and c.id >= ${oldest}::uuid
			order by c.id desc offset ${size - 1} limit 1`;
		const from = last?.id ?? oldest;
		// Only a bitmap answers an "or", and it reads the pages in their order, many at once: the calls of others lie
		// between those of one organisation, and an index would ask for each page by itself. The offset keeps the
		// filters from choosing another index. Who called is guarded once for each person and not for each call;
		// rows are sorted before their cells are made, and stay so.
		const pieces = database.copyOut(
			timezone,
			inline`
			with people as materialized (
				select id, ${guarded(new Inline('name'))} as cell from users
				where organization_id = ${organizationId} or organization_id is null)
			select ${cellsOf(columns)}
			from (select l.*, k.name as contact, p.cell as agent
				from (select c.* from calls c
					where ${isMeantInline} and (c.id = ${from}::uuid or c.id > ${from}::uuid and c.id < ${before}::uuid)
					offset 0) l
					left join contacts k on k.id = l.contact_id
					left join people p on p.id = l.user_id
				where ${callConditions(inline, input, scope)}
				order by l.id desc offset 0) l
			order by l.id desc`
		);
		return { pieces, next: last ? { before: last.id, size: CALLS_AT_ONCE } : null };
	});
}
