import { eq } from 'drizzle-orm';
import type { GuardInput } from '$lib/inputs';
import type { GuardView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { selectGuards, toGuardView } from './guard-rows';

/** What the toll-fraud guard allows an organisation. */
export async function getGuard({
	ctx,
	input
}: {
	ctx: Context;
	input: GuardInput;
}): Promise<GuardView> {
	requirePermission(ctx, 'guard.write');
	const [row] = await selectGuards(ctx).where(eq(organizations.id, input.organizationId));
	if (!row) throw new AppError('not_found', 'organization_id names no organisation.');
	return toGuardView(row, ctx.nowMs);
}
