import type { CreditsView, MinutesView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { currentCursor } from '../live/feed';
import { findMinutes } from '../minutes/minutes-rows';
import { findCredits } from '../wallet/credit-rows';

/** What the frame around a page shows. The cursor is read first, so the stream joins without a gap. */
export async function getOwnCredit({
	ctx
}: {
	ctx: Context;
}): Promise<{ cursor: string; minutes: MinutesView; credits: CreditsView }> {
	const person = requirePerson(ctx, 'minutes.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const cursor = await currentCursor(ctx.services, organizationId);
	const [minutes, credits] = await Promise.all([
		findMinutes(db, organizationId, ctx.nowMs),
		findCredits(db, organizationId)
	]);
	if (!minutes || !credits) throw new AppError('not_found', 'There is no such organisation.');
	return { cursor, minutes, credits };
}
