import type { GuardInput } from '$lib/inputs';
import type { GuardView } from '$lib/views';
import { actorOf, requirePermission } from '../authorize';
import type { Context } from '../context';
import { getGuard } from './get-guard';

/** Lets an organisation call again. One that calls already goes on. */
export async function releaseGuard({
	ctx,
	input
}: {
	ctx: Context;
	input: GuardInput;
}): Promise<GuardView> {
	requirePermission(ctx, 'guard.write');
	const { organizationId } = input;
	await ctx.services.lane.submit({ kind: 'release_guard', organizationId, actor: actorOf(ctx) });
	return getGuard({ ctx, input });
}
