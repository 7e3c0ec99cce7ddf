import { v7 as uuid } from 'uuid';
import { and, count, eq, gt, sql } from 'drizzle-orm';
import { InviteMemberInput } from '$lib/inputs';
import type { InvitationLinkView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { newLinkToken, sha256 } from '../auth/secrets';
import { requireOrganizationOf, requireRecentProof } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { invitations, organizations, users } from '../db/schema/index';
import { AppError } from '../errors';
import { sendMailsSoon } from '../mails/queue-mail';
import { parseInput } from '../parse';
import { expiryOf, invitationLink, mailInvitation, toInvitationView } from './invitation-rows';

/** Mails to strangers go out in our name: so many a day are enough for any team. */
const PER_DAY_MAX = 200;
const DAY_MS = 86_400_000;

/** Offers somebody a place in an organisation, by mail and by a link that is told once. */
export async function inviteMember({
	ctx,
	input
}: {
	ctx: Context;
	input: InviteMemberInput;
}): Promise<InvitationLinkView> {
	const organizationId = requireOrganizationOf(ctx, 'team.write', input.organizationId);
	requireRecentProof(ctx);
	const { email, role } = parseInput(InviteMemberInput, input);
	const token = newLinkToken();
	const link = invitationLink(ctx, token);
	const inviter = ctx.caller.kind === 'person' ? ctx.caller.person : null;
	const row = await ctx.services.database.db.transaction(async (tx) => {
		const [organization] = await tx
			.select({ name: organizations.name })
			.from(organizations)
			.where(eq(organizations.id, organizationId))
			.for('update');
		if (!organization) throw new AppError('not_found', 'organization_id names no organisation.');
		await refuseMember(tx, organizationId, email);
		await refuseTooMany(tx, organizationId, ctx.nowMs);
		const [invited] = await tx
			.insert(invitations)
			.values({
				id: uuid(),
				organizationId,
				email,
				role,
				tokenHash: sha256(token),
				invitedBy: inviter?.userId ?? null,
				createdAt: new Date(ctx.nowMs),
				sentAt: new Date(ctx.nowMs),
				expiresAt: expiryOf(ctx.nowMs)
			})
			.onConflictDoNothing()
			.returning();
		if (!invited) {
			throw refusedEmail(`${email} is invited already. Resend that invitation, or revoke it.`);
		}
		await mailInvitation(tx, ctx, { row: invited, organizationName: organization.name, link });
		const after = { invitationId: invited.id, email, role };
		await writeAudit(tx, ctx, { organizationId, action: 'invitation.create', after });
		return invited;
	});
	sendMailsSoon(ctx);
	const isMailed = ctx.services.config.smtpUrl !== null;
	return { invitation: toInvitationView(row, inviter?.name ?? null), link, isMailed };
}

/** Says so only of this organisation's own people: others may have accounts elsewhere. */
async function refuseMember(
	tx: Pick<Database, 'select'>,
	organizationId: number,
	email: string
): Promise<void> {
	const [member] = await tx
		.select({ disabledAt: users.disabledAt })
		.from(users)
		.where(
			and(
				eq(users.organizationId, organizationId),
				sql`lower(${users.email}) = ${email.toLowerCase()}`
			)
		);
	if (!member) return;
	throw refusedEmail(
		member.disabledAt === null
			? `${email} is a member already.`
			: `${email} is a member whose access was taken away. Give it back in the list of members.`
	);
}

async function refuseTooMany(
	tx: Pick<Database, 'select'>,
	organizationId: number,
	nowMs: number
): Promise<void> {
	const [sent] = await tx
		.select({ count: count() })
		.from(invitations)
		.where(
			and(
				eq(invitations.organizationId, organizationId),
				gt(invitations.createdAt, new Date(nowMs - DAY_MS))
			)
		);
	if ((sent?.count ?? 0) < PER_DAY_MAX) return;
	throw new AppError(
		'too_many_requests',
		`Nobody was invited: ${PER_DAY_MAX} people a day can be invited. Go on tomorrow.`
	);
}

function refusedEmail(sentence: string): AppError {
	return new AppError('conflict', sentence, { email: sentence });
}
