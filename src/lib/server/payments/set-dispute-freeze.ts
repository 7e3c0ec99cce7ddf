import { eq } from 'drizzle-orm';
import type { DisputeFreezeInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { callBalance } from '../db/schema/index';
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
	await ctx.services.database.db.transaction(async (tx) => {
		const changed = await tx
			.update(callBalance)
			.set({ freezesOnDispute })
			.where(eq(callBalance.organizationId, organizationId))
			.returning({ id: callBalance.id });
		if (changed.length === 0) {
			throw new AppError('not_found', 'organization_id names no organisation.');
		}
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'organization.set_dispute_freeze',
			after: { freezesOnDispute }
		});
	});
	return { organizationId, freezesOnDispute };
}
