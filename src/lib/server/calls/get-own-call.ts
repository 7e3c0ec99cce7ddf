import { and, eq, sql } from 'drizzle-orm';
import type { Context, Person } from '../context';
import { calls } from '../db/schema/calls';
import { AppError } from '../errors';
import { selectCalls, type CallRow } from './call-rows';

/**
 * A call the person may see. Another organisation's call is as absent as one that never was.
 * @throws AppError `not_found`
 */
export async function getOwnCall(ctx: Context, person: Person, callId: string): Promise<CallRow> {
	const own =
		person.organizationId === null ? sql`true` : eq(calls.organizationId, person.organizationId);
	const [row] = await selectCalls(ctx.services.database.db)
		.where(and(eq(calls.id, callId), own))
		.limit(1);
	if (!row) throw new AppError('not_found', 'There is no such call.');
	return row;
}
