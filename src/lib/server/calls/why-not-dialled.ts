import { eq } from 'drizzle-orm';
import type { Context } from '../context';
import { organizationCallMinutes } from '../db/schema/index';
import type { CreateRefusal } from '../providers/types';

/** Why a call that waited for its turn is not dialled any more: its organisation was stopped meanwhile. */
export async function whyNotDialled(
	ctx: Context,
	organizationId: number
): Promise<CreateRefusal | null> {
	const { isActive, guardTrippedAt } = organizationCallMinutes;
	const [found] = await ctx.services.database.db
		.select({ isActive, guardTrippedAt })
		.from(organizationCallMinutes)
		.where(eq(organizationCallMinutes.organizationId, organizationId));
	if (!found?.isActive) {
		return refusal('organization_inactive', 'Calling was switched off before it was dialled.');
	}
	if (found.guardTrippedAt !== null) {
		return refusal('calling_paused', 'Calling was paused before it was dialled.');
	}
	return null;
}

function refusal(endReason: string, sentence: string): CreateRefusal {
	return { kind: 'refused', endReason, message: `The call was not placed. ${sentence}` };
}
