import type { SetMemberActiveInput } from '$lib/inputs';
import { requireOrganizationOf, requireRecentProof } from '../authorize';
import type { Context } from '../context';
import { changeMember } from './change-member';

/** Takes a member's access away, or gives it back. What they did stays, under their name. */
export async function setMemberActive({
	ctx,
	input
}: {
	ctx: Context;
	input: SetMemberActiveInput;
}): Promise<{ isActive: boolean }> {
	const organizationId = requireOrganizationOf(ctx, 'team.write', input.organizationId);
	requireRecentProof(ctx);
	const { userId, isActive } = input;
	const action = isActive ? 'member.activate' : 'member.deactivate';
	await changeMember(ctx, { organizationId, userId }, action, ({ disabledAt }) => {
		if (isActive === (disabledAt === null)) return null;
		return { disabledAt: isActive ? null : new Date(ctx.nowMs) };
	});
	return { isActive };
}
