import { momentsAround } from '$lib/domain/analytics/period';
import { firstCallIdAt } from '$lib/domain/call/call-ids';
import { toCsvCell } from '$lib/domain/csv/cells';
import type { ListCallsInput } from '$lib/inputs';
import { findScope } from '../analytics/analytics-period';
import { requirePerson } from '../authorize';
import { callConditions, findTarget, targetCondition } from '../calls/call-filters';
import type { Context } from '../context';
import { inChunks } from './chunks';
import { exportHead } from './export-head';
import { filterText } from './filter-text';
import {
	asIs,
	freeText,
	joined,
	local,
	localCell,
	momentCell,
	orEmpty,
	phoneCell,
	rememberedCells,
	toCsvLines
} from './raw-rows';

/** Calls looked at per statement: some 30 ms of work. */
const CALLS_AT_ONCE = 5_000;
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
	const row = joined(sql, [
		asIs(sql, 'l.id'),
		asIs(sql, 'l.local_day'),
		local(sql, 'l.initiated_at', timezone),
		asIs(sql, 'l.initiated_at'),
		orEmpty(sql, 'l.answered_at'),
		orEmpty(sql, 'l.ended_at'),
		asIs(sql, 'l."to"'),
		asIs(sql, 'l.country'),
		freeText(sql, 'k.name'),
		freeText(sql, 'u.name'),
		asIs(sql, 'l.provider'),
		asIs(sql, 'l.status'),
		freeText(sql, 'l.end_reason'),
		orEmpty(sql, 'l.duration'),
		orEmpty(sql, 'l.billed_minutes'),
		orEmpty(sql, 'l.cost')
	]);
	const people = sql`select id, name from users
		where organization_id = ${organizationId} or organization_id is null`;
	const filters = callConditions(sql, input, scope);
	const write = lineWriter();
	const oldest = firstCallIdAt(fromMs);
	const isMeant = sql`c.organization_id = ${organizationId} ${targetCondition(sql, target)}`;
	const first = { before: firstCallIdAt(toMs), size: FIRST_CALLS };
	yield* inChunks(ctx.services.lane, first, async ({ before, size }) => {
		const [last] = await sql<{ id: string }[]>`
			select c.id from calls c where ${isMeant} and c.id < ${before}::uuid and c.id >= ${oldest}::uuid
			order by c.id desc offset ${size - 1} limit 1`;
		const from = last?.id ?? oldest;
		// Only a bitmap answers an "or", and it reads the pages in their order, many at once: the calls of others lie
		// between those of one organisation, and an index would ask for each page by itself. The offset keeps the
		// filters from choosing another index.
		const rows = await sql<{ row: string }[]>`
			select ${row} as row
			from (select c.* from calls c
				where ${isMeant} and (c.id = ${from}::uuid or c.id > ${from}::uuid and c.id < ${before}::uuid)
				offset 0) l
				left join contacts k on k.id = l.contact_id left join (${people}) u on u.id = l.user_id
			where ${filters}`;
		const next = last ? { before: last.id, size: CALLS_AT_ONCE } : null;
		// Each row begins with its id, and ids rise with time: sorted here, they need no memory over there.
		rows.sort((one, other) => (one.row < other.row ? 1 : -1));
		return { texts: toCsvLines(rows, write), next };
	});
}

/** The columns of a call, as they are read above, as cells. */
function lineWriter(): (columns: string[]) => string[] {
	const agentCell = rememberedCells();
	const reasonCell = rememberedCells();
	return (columns) => {
		const cells = [...columns];
		cells[2] = localCell(columns[2] ?? '');
		cells[3] = momentCell(columns[3] ?? '');
		cells[4] = momentCell(columns[4] ?? '');
		cells[5] = momentCell(columns[5] ?? '');
		cells[6] = phoneCell(columns[6] ?? '');
		cells[8] = toCsvCell(columns[8]);
		cells[9] = agentCell(columns[9] ?? '');
		cells[12] = reasonCell(columns[12] ?? '');
		return cells;
	};
}
