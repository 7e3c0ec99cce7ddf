import { and, desc, eq, lt } from 'drizzle-orm';
import type { HistoryInput } from '$lib/inputs';
import type { AllocationHistoryView, Page } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import {
	callMinutesAllocationHistory as history,
	minuteAllocations,
	organizations,
	users
} from '../db/schema/index';

const PAGE_ROWS = 30;

/** Facts about allocations, newest first; of one organisation or of all. */
export async function listAllocationHistory({
	ctx,
	input
}: {
	ctx: Context;
	input: HistoryInput;
}): Promise<Page<AllocationHistoryView>> {
	requirePermission(ctx, 'fleet.read');
	const { organizationId, cursor } = input;
	const rows = await ctx.services.database.db
		.select({
			remaining: minuteAllocations.remainingMinutes,
			held: minuteAllocations.heldMinutes,
			fact: history,
			organizationName: organizations.name,
			allocatedBy: users.name
		})
		.from(history)
		.innerJoin(organizations, eq(organizations.id, history.organizationId))
		.leftJoin(minuteAllocations, eq(minuteAllocations.id, history.allocationId))
		.leftJoin(users, eq(users.id, history.allocatedBy))
		.where(
			and(
				organizationId === undefined ? undefined : eq(history.organizationId, organizationId),
				cursor === undefined ? undefined : lt(history.id, Number(cursor))
			)
		)
		.orderBy(desc(history.id))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	return {
		rows: shown.map(({ fact, organizationName, allocatedBy, remaining, held }) => ({
			id: fact.id,
			allocationId: fact.allocationId,
			revocableMinutes: fact.kind === 'allocate' ? (remaining ?? 0) - (held ?? 0) : 0,
			organizationId: fact.organizationId,
			organizationName,
			kind: fact.kind,
			minutes: fact.minutes,
			reason: fact.reason,
			expiresAt: fact.expiresAt?.toISOString() ?? null,
			allocatedBy,
			allocatedAt: fact.allocatedAt.toISOString()
		})),
		nextCursor: rows.length > PAGE_ROWS ? String(shown.at(-1)?.fact.id) : null
	};
}
