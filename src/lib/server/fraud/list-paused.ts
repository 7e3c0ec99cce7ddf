import { asc, isNotNull } from 'drizzle-orm';
import type { GuardView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizationCallMinutes } from '../db/schema/index';
import { selectGuards, toGuardView } from './guard-rows';

const PAUSED_MAX = 200;

/** Organisations whose calls the guard has stopped, the one that waits longest first. */
export async function listPaused({ ctx }: { ctx: Context }): Promise<GuardView[]> {
	requirePermission(ctx, 'guard.write');
	const rows = await selectGuards(ctx)
		.where(isNotNull(organizationCallMinutes.guardTrippedAt))
		.orderBy(asc(organizationCallMinutes.guardTrippedAt))
		.limit(PAUSED_MAX);
	return rows.map((row) => toGuardView(row, ctx.nowMs));
}
