import { and, desc, eq, ilike, inArray, like, lt, or, type SQL } from 'drizzle-orm';
import { MonitorCallsInput } from '$lib/inputs';
import type { CallView, Page } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { calls, contacts, organizations } from '../db/schema/index';
import { parseInput } from '../parse';
import { selectCalls, toCallView } from './call-rows';

const PAGE_ROWS = 50;

/** Calls of the whole fleet, newest first: those that live, or all. */
export async function listFleetCalls({
	ctx,
	input
}: {
	ctx: Context;
	input: MonitorCallsInput;
}): Promise<Page<CallView>> {
	requirePermission(ctx, 'fleet.read');
	const { show, organizationId, provider, search, cursor } = parseInput(MonitorCallsInput, input);
	const rows = await selectCalls(ctx.services.database.db)
		.where(
			and(
				show === 'live'
					? inArray(calls.status, ['initiated', 'ringing', 'in_progress'])
					: undefined,
				organizationId === undefined ? undefined : eq(calls.organizationId, organizationId),
				provider && eq(calls.provider, provider),
				search ? matches(search) : undefined,
				cursor === undefined ? undefined : lt(calls.id, cursor)
			)
		)
		.orderBy(desc(calls.id))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	return {
		rows: shown.map(toCallView),
		nextCursor: rows.length > PAGE_ROWS ? (shown.at(-1)?.call.id ?? null) : null
	};
}

function matches(search: string): SQL | undefined {
	const digits = search.replace(/[\s()+.-]/g, '');
	if (/^\d+$/.test(digits)) return like(calls.to, `%${digits}%`);
	const named = `%${search.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
	return or(ilike(contacts.name, named), ilike(organizations.name, named));
}
