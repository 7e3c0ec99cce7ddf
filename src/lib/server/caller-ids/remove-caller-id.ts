import { and, eq } from 'drizzle-orm';
import type { CallerIdInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { callerIds } from '../db/schema/index';
import { AppError } from '../errors';

/** Takes a number out of the pool. Its row stays, for the calls that were made from it. */
export async function removeCallerId({
	ctx,
	input
}: {
	ctx: Context;
	input: CallerIdInput;
}): Promise<{ removed: true }> {
	requirePermission(ctx, 'caller_ids.write');
	return ctx.services.database.db.transaction(async (tx) => {
		const [removed] = await tx
			.update(callerIds)
			.set({ isActive: false })
			.where(and(eq(callerIds.id, input.callerIdId), eq(callerIds.isActive, true)))
			.returning();
		if (!removed) throw new AppError('not_found', 'There is no such number in the pool.');
		await writeAudit(tx, ctx, {
			organizationId: removed.organizationId,
			action: 'caller_id.remove',
			before: { id: removed.id, provider: removed.provider, number: removed.number }
		});
		return { removed: true as const };
	});
}
