import type { SetMemberRoleInput } from '$lib/inputs';
import { requireOrganizationOf, requireRecentProof } from '../authorize';
import type { Context } from '../context';
import { changeMember } from './change-member';

/** Makes a member a manager or an agent. They sign in again to go on. */
export async function setMemberRole({
	ctx,
	input
}: {
	ctx: Context;
	input: SetMemberRoleInput;
}): Promise<{ role: SetMemberRoleInput['role'] }> {
	const organizationId = requireOrganizationOf(ctx, 'team.write', input.organizationId);
	requireRecentProof(ctx);
	const { userId, role } = input;
	await changeMember(ctx, { organizationId, userId }, 'member.set_role', (member) =>
		member.role === role ? null : { role }
	);
	return { role };
}
