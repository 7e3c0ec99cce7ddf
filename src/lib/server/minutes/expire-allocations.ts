import { and, gt, lte, sql } from 'drizzle-orm';
import { actorOf } from '../authorize';
import type { Context } from '../context';
import { minuteAllocations } from '../db/schema/minutes';

const LOTS_MAX = 1_000;

/**
 * Books the expiry of grants whose time has come. They stopped paying at that moment by themselves; this
 * writes down what was lost. What a live call still holds is left to it and booked after.
 */
export async function expireAllocations({ ctx }: { ctx: Context }): Promise<{ expired: number }> {
	const due = await ctx.services.database.db
		.select({ id: minuteAllocations.id, organizationId: minuteAllocations.organizationId })
		.from(minuteAllocations)
		.where(
			and(
				gt(minuteAllocations.remainingMinutes, sql`${minuteAllocations.heldMinutes}`),
				lte(minuteAllocations.expiresAt, new Date(ctx.nowMs))
			)
		)
		.limit(LOTS_MAX);
	const results = await Promise.all(
		due.map(({ id, organizationId }) =>
			ctx.services.lane.submit({
				kind: 'withdraw_allocation',
				organizationId,
				allocationId: id,
				cause: 'expire',
				reason: 'Expired',
				actor: actorOf(ctx)
			})
		)
	);
	return { expired: results.filter((result) => result.kind === 'withdrawn').length };
}
