import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { UsageLogInput } from '$lib/inputs';
import type { Page, UsageRowView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { calls, callMinutesUsageLog as usage, minuteAllocations } from '../db/schema/index';

const PAGE_ROWS = 50;

/** Which allocation paid which minutes of which call of an organisation, newest first. */
export async function listUsage({
	ctx,
	input: { organizationId, cursor }
}: {
	ctx: Context;
	input: UsageLogInput;
}): Promise<Page<UsageRowView>> {
	requirePermission(ctx, 'fleet.read');
	const rows = await ctx.services.database.db
		.select({ line: usage, reason: minuteAllocations.reason, ownCallId: calls.id, to: calls.to })
		.from(usage)
		.innerJoin(minuteAllocations, eq(minuteAllocations.id, usage.allocationId))
		.leftJoin(
			calls,
			sql`${calls.id} = case when not ${usage.isExternal} then ${usage.callId}::uuid end
				and ${calls.organizationId} = ${usage.organizationId}`
		)
		.where(
			and(
				eq(usage.organizationId, organizationId),
				cursor === undefined ? undefined : lt(usage.id, Number(cursor))
			)
		)
		.orderBy(desc(usage.id))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	return {
		rows: shown.map(({ line, reason, ownCallId, to }) => ({
			id: line.id,
			callId: line.callId,
			isOwnCall: ownCallId !== null,
			to,
			minutes: line.minutesConsumed,
			allocationReason: reason,
			settlesDebt: line.settlesDebt,
			callStartAt: line.callStartTime.toISOString(),
			callEndAt: line.callEndTime.toISOString()
		})),
		nextCursor: rows.length > PAGE_ROWS ? String(shown.at(-1)?.line.id) : null
	};
}
