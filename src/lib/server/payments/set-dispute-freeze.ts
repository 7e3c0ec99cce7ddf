import { eq } from 'drizzle-orm';
import type { DisputeFreezeInput } from '$lib/inputs';
import { actorOf, requirePermission } from '../authorize';
import type { Context } from '../context';
import { auditLog, callBalance } from '../db/schema/index';
import { AppError } from '../errors';

/** Chooses whether a dispute switches new calls of an organisation off until a person looks. */
export async function setDisputeFreeze({
	ctx,
	input
}: {
	ctx: Context;
	input: DisputeFreezeInput;
}): Promise<DisputeFreezeInput> {
	requirePermission(ctx, 'organizations.switch');
	const { organizationId, freezesOnDispute } = input;
	const actor = actorOf(ctx);
	await ctx.services.database.db.transaction(async (tx) => {
		const changed = await tx
			.update(callBalance)
			.set({ freezesOnDispute })
			.where(eq(callBalance.organizationId, organizationId))
			.returning({ id: callBalance.id });
		if (changed.length === 0) {
			throw new AppError('not_found', 'organization_id names no organisation.');
		}
		await tx.insert(auditLog).values({
			organizationId,
			actorKind: actor.kind,
			actorUserId: actor.kind === 'user' ? actor.userId : null,
			action: 'organization.set_dispute_freeze',
			after: { freezesOnDispute }
		});
	});
	return { organizationId, freezesOnDispute };
}
