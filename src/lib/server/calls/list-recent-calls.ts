import { and, desc, eq, sql } from 'drizzle-orm';
import type { RecentCallsInput } from '$lib/inputs';
import type { CallView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { calls } from '../db/schema/calls';
import { selectCalls, toCallView } from './call-rows';

/** The newest calls: a member sees their organisation's, a super admin the fleet's. */
export async function listRecentCalls({
	ctx,
	input
}: {
	ctx: Context;
	input: RecentCallsInput;
}): Promise<CallView[]> {
	const person = requirePerson(ctx, 'calls.read');
	const own =
		person.organizationId === null ? sql`true` : eq(calls.organizationId, person.organizationId);
	const rows = await selectCalls(ctx.services.database.db)
		.where(and(own))
		.orderBy(desc(calls.id))
		.limit(input.limit);
	return rows.map(toCallView);
}
