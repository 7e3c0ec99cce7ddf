import { eq } from 'drizzle-orm';
import type { Call } from '$lib/domain/call/call';
import type { Context } from '../context';
import { calls, organizationCallMinutes } from '../db/schema/index';
import type { CreateRefusal } from '../providers/types';

/** Why a call that waited for its turn is not dialled any more: it has ended, or its organisation was stopped. */
export async function whyNotDialled(
	ctx: Context,
	{ id, organizationId }: Pick<Call, 'id' | 'organizationId'>
): Promise<CreateRefusal | null> {
	const { isActive, guardTrippedAt } = organizationCallMinutes;
	const [found] = await ctx.services.database.db
		.select({ isActive, guardTrippedAt, endedAt: calls.endedAt })
		.from(organizationCallMinutes)
		.leftJoin(calls, eq(calls.id, id))
		.where(eq(organizationCallMinutes.organizationId, organizationId));
	if (!found?.isActive) {
		return refusal('organization_inactive', 'Calling was switched off before it was dialled.');
	}
	if (found.guardTrippedAt !== null) {
		return refusal('calling_paused', 'Calling was paused before it was dialled.');
	}
	if (found.endedAt !== null) {
		return refusal('cancelled', 'It had ended before it was dialled.');
	}
	return null;
}

function refusal(endReason: string, sentence: string): CreateRefusal {
	return { kind: 'refused', endReason, message: `The call was not placed. ${sentence}` };
}
