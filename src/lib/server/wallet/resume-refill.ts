import type { CreditsView } from '$lib/views';
import { actorOf, requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { getCredits } from './get-wallet';

/** Lets a paused or waiting auto-refill try again: somebody saw to the card. */
export async function resumeRefill({ ctx }: { ctx: Context }): Promise<CreditsView> {
	const person = requirePerson(ctx, 'wallet.pay');
	const organizationId = requireOrganizationId(person, undefined);
	await ctx.services.lane.submit({
		kind: 'change_refill',
		organizationId,
		change: { kind: 'resume' },
		actor: actorOf(ctx)
	});
	return getCredits(ctx, organizationId);
}
