import { eq } from 'drizzle-orm';
import type { InvitationInput } from '$lib/inputs';
import type { InvitationLinkView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { newLinkToken, sha256 } from '../auth/secrets';
import { requireOrganizationOf, requireRecentProof } from '../authorize';
import type { Context } from '../context';
import { invitations, organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { sendMailsSoon } from '../mails/queue-mail';
import {
	expiryOf,
	findOpenInvitation,
	invitationLink,
	mailInvitation,
	toInvitationView
} from './invitation-rows';

/** A mailbox is not for filling. */
const PAUSE_MS = 60_000;

/** Makes a new link with a new week, and mails it. The link before it opens nothing any more. */
export async function resendInvitation({
	ctx,
	input
}: {
	ctx: Context;
	input: InvitationInput;
}): Promise<InvitationLinkView> {
	const organizationId = requireOrganizationOf(ctx, 'team.write', input.organizationId);
	requireRecentProof(ctx);
	const token = newLinkToken();
	const link = invitationLink(ctx, token);
	const row = await ctx.services.database.db.transaction(async (tx) => {
		const { invitationId } = input;
		const before = await findOpenInvitation(tx, { organizationId, invitationId });
		if (!before) throw new AppError('not_found', 'There is no such open invitation.');
		if (ctx.nowMs - before.sentAt.getTime() < PAUSE_MS) {
			throw new AppError(
				'too_many_requests',
				'It was sent less than a minute ago. Wait a minute, then send it again.'
			);
		}
		const [after = before] = await tx
			.update(invitations)
			.set({
				tokenHash: sha256(token),
				sentAt: new Date(ctx.nowMs),
				expiresAt: expiryOf(ctx.nowMs)
			})
			.where(eq(invitations.id, before.id))
			.returning();
		const [organization] = await tx
			.select({ name: organizations.name })
			.from(organizations)
			.where(eq(organizations.id, organizationId));
		const organizationName = organization?.name ?? '';
		await mailInvitation(tx, ctx, { row: after, organizationName, link });
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'invitation.resend',
			after: { invitationId, email: after.email }
		});
		return after;
	});
	sendMailsSoon(ctx);
	const isMailed = ctx.services.config.smtpUrl !== null;
	return { invitation: toInvitationView(row, null), link, isMailed };
}
