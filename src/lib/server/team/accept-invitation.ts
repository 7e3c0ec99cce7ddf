import type { Cookie } from 'lucia';
import { v7 as uuid } from 'uuid';
import { and, eq, gt } from 'drizzle-orm';
import { AcceptInvitationInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { openSession } from '../auth/open-session';
import { requireGoodPassword } from '../auth/password-policy';
import { hashPassword } from '../auth/passwords';
import { sha256 } from '../auth/secrets';
import type { Context } from '../context';
import { invitations, users } from '../db/schema/index';
import { AppError } from '../errors';
import { parseInput } from '../parse';
import { findInvitation } from './find-invitation';
import { isOpen } from './invitation-rows';

/** One sentence for every cause: a stranger learns nothing about whom was invited. */
const OPENS_NOTHING =
	'This link opens nothing: it was used or revoked, or is older than a week. Ask for a new invitation.';

/** Takes the place that a link offers: makes the account and signs it in. */
export async function acceptInvitation({
	ctx,
	input,
	from
}: {
	ctx: Context;
	input: AcceptInvitationInput;
	from: { address: string; userAgent: string | null };
}): Promise<Cookie> {
	const { token, name, password } = parseInput(AcceptInvitationInput, input);
	const offered = await findInvitation({ ctx, input: { token } });
	if (!offered) throw new AppError('not_found', OPENS_NOTHING);
	await requireGoodPassword(password, [name, offered.email, offered.organizationName]);
	const passwordHash = await hashPassword(password);
	const userId = uuid();
	await ctx.services.database.db.transaction(async (tx) => {
		const [row] = await tx
			.select()
			.from(invitations)
			.where(
				and(
					eq(invitations.tokenHash, sha256(token)),
					gt(invitations.expiresAt, new Date(ctx.nowMs)),
					isOpen
				)
			)
			.for('update');
		if (!row) throw new AppError('not_found', OPENS_NOTHING);
		const { organizationId, email, role } = row;
		const now = new Date(ctx.nowMs);
		const [made] = await tx
			.insert(users)
			.values({ id: userId, organizationId, email, name, role, passwordHash, createdAt: now })
			.onConflictDoNothing()
			.returning({ id: users.id });
		if (!made) {
			throw new AppError(
				'conflict',
				`You were not added: there is an account for ${email} already. Ask to be invited under another address.`
			);
		}
		await tx
			.update(invitations)
			.set({ acceptedAt: now, acceptedBy: userId })
			.where(eq(invitations.id, row.id));
		const person = { userId, name, email, role, organizationId };
		const caller = {
			kind: 'person' as const,
			person: { ...person, organizationName: offered.organizationName, phone: null }
		};
		const after = { invitationId: row.id, userId, email, role };
		await writeAudit(
			tx,
			{ ...ctx, caller },
			{ organizationId, action: 'invitation.accept', after }
		);
	});
	return openSession(ctx, userId, from);
}
