import type { AllocateMinutesInput } from '$lib/inputs';
import type { MinutesView } from '$lib/views';
import { actorOf, requirePermission } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { findMinutes } from './minutes-rows';

/** In the middle, so that a later grant can be burnt before or after it. */
export const PRIORITY_DEFAULT = 100;

/** Grants minutes to an organisation. The same `requestId` grants once. */
export async function allocateMinutes({
	ctx,
	input
}: {
	ctx: Context;
	input: AllocateMinutesInput;
}): Promise<MinutesView> {
	requirePermission(ctx, 'minutes.allocate');
	const expiresAtMs = input.expiresAt === undefined ? null : Date.parse(input.expiresAt);
	if (expiresAtMs !== null && expiresAtMs <= ctx.nowMs) {
		const sentence = 'The expiry must be in the future.';
		throw new AppError('invalid', sentence, { expiresAt: sentence });
	}
	const result = await ctx.services.lane.submit({
		kind: 'allocate',
		allocationId: input.requestId,
		organizationId: input.organizationId,
		minutes: input.minutes,
		reason: input.reason,
		priority: input.priority ?? PRIORITY_DEFAULT,
		expiresAtMs,
		actor: actorOf(ctx)
	});
	if (result.kind === 'id_taken') throw new AppError('conflict', 'requestId is already in use.');
	const minutes = await findMinutes(ctx.services.database.db, input.organizationId, ctx.nowMs);
	if (result.kind === 'unknown_organization' || !minutes) {
		throw new AppError('not_found', 'organization_id names no organisation.');
	}
	return minutes;
}
