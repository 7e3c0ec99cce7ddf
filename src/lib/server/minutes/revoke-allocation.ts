import type { RevokeAllocationInput } from '$lib/inputs';
import { actorOf, requirePermission } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';

/** Takes back what a grant has left. Minutes held by live calls stay until those end. */
export async function revokeAllocation({
	ctx,
	input
}: {
	ctx: Context;
	input: RevokeAllocationInput;
}): Promise<{ revokedMinutes: number }> {
	requirePermission(ctx, 'minutes.allocate');
	const result = await ctx.services.lane.submit({
		kind: 'withdraw_allocation',
		organizationId: input.organizationId,
		allocationId: input.allocationId,
		cause: 'revoke',
		reason: input.reason,
		actor: actorOf(ctx)
	});
	if (result.kind === 'unknown_allocation' || result.minutes === 0) {
		throw new AppError('conflict', 'Nothing was revoked: this allocation has no minutes left.');
	}
	return { revokedMinutes: result.minutes };
}
