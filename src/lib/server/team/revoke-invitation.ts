import { eq } from 'drizzle-orm';
import type { InvitationInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationOf } from '../authorize';
import type { Context } from '../context';
import { invitations } from '../db/schema/index';
import { AppError } from '../errors';
import { findOpenInvitation } from './invitation-rows';

/** Takes an offer back: its link opens nothing any more. */
export async function revokeInvitation({
	ctx,
	input
}: {
	ctx: Context;
	input: InvitationInput;
}): Promise<{ isRevoked: true }> {
	const organizationId = requireOrganizationOf(ctx, 'team.write', input.organizationId);
	const { invitationId } = input;
	await ctx.services.database.db.transaction(async (tx) => {
		const row = await findOpenInvitation(tx, { organizationId, invitationId });
		if (!row) throw new AppError('not_found', 'There is no such open invitation.');
		await tx
			.update(invitations)
			.set({ revokedAt: new Date(ctx.nowMs) })
			.where(eq(invitations.id, row.id));
		const before = { invitationId, email: row.email, role: row.role };
		await writeAudit(tx, ctx, { organizationId, action: 'invitation.revoke', before });
	});
	return { isRevoked: true };
}
