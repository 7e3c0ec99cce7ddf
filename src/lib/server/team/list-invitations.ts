import { and, desc, eq } from 'drizzle-orm';
import type { ListInvitationsInput } from '$lib/inputs';
import type { InvitationView } from '$lib/views';
import { requireOrganizationOf } from '../authorize';
import type { Context } from '../context';
import { invitations, users } from '../db/schema/index';
import { isOpen, toInvitationView } from './invitation-rows';

const SHOWN_MAX = 200;

/** The invitations of an organisation that nobody took yet, the newest first. */
export async function listInvitations({
	ctx,
	input
}: {
	ctx: Context;
	input: ListInvitationsInput;
}): Promise<{ invitations: InvitationView[] }> {
	const organizationId = requireOrganizationOf(ctx, 'team.read', input.organizationId);
	const rows = await ctx.services.database.db
		.select({ invitation: invitations, invitedBy: users.name })
		.from(invitations)
		.leftJoin(users, eq(users.id, invitations.invitedBy))
		.where(and(eq(invitations.organizationId, organizationId), isOpen))
		.orderBy(desc(invitations.createdAt), desc(invitations.id))
		.limit(SHOWN_MAX);
	return {
		invitations: rows.map(({ invitation, invitedBy }) => toInvitationView(invitation, invitedBy))
	};
}
