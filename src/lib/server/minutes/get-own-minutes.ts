import type { MinutesView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { findMinutes } from './minutes-rows';

export async function getOwnMinutes({ ctx }: { ctx: Context }): Promise<MinutesView> {
	const person = requirePerson(ctx, 'minutes.read');
	const organizationId = requireOrganizationId(person, undefined);
	const minutes = await findMinutes(ctx.services.database.db, organizationId, ctx.nowMs);
	if (!minutes) throw new AppError('not_found', 'There is no such organisation.');
	return minutes;
}
