import type { SetActiveInput } from '$lib/inputs';
import type { MinutesView } from '$lib/views';
import { actorOf, requirePermission } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { findMinutes } from '../minutes/minutes-rows';
import { findSettings } from './organization-rows';

/** Switches an organisation's calling on or off. Off: no new call from the commit on. */
export async function setActive({
	ctx,
	input
}: {
	ctx: Context;
	input: SetActiveInput;
}): Promise<MinutesView> {
	requirePermission(ctx, 'organizations.switch');
	if (input.isActive) await refuseArchived(ctx, input.organizationId);
	await ctx.services.lane.submit({
		kind: 'set_active',
		...input,
		policy: input.policy ?? null,
		actor: actorOf(ctx)
	});
	const minutes = await findMinutes(ctx.services.database.db, input.organizationId, ctx.nowMs);
	if (!minutes) throw new AppError('not_found', 'organization_id names no organisation.');
	return minutes;
}

async function refuseArchived(ctx: Context, organizationId: number): Promise<void> {
	const settings = await findSettings(ctx.services.database.db, organizationId);
	if (!settings?.archivedAt) return;
	throw new AppError(
		'conflict',
		`${settings.name} was not switched on: it is archived. Take it out of the archive first.`
	);
}
