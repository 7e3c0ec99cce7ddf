import { and, eq, gt } from 'drizzle-orm';
import type { OpenInvitationView } from '$lib/views';
import { sha256 } from '../auth/secrets';
import type { Context } from '../context';
import { invitations, organizations } from '../db/schema/index';
import { isOpen } from './invitation-rows';

/** What a link offers; null when it opens nothing (any more). Whoever holds the link may ask. */
export async function findInvitation({
	ctx,
	input
}: {
	ctx: Context;
	input: { token: string };
}): Promise<OpenInvitationView | null> {
	const [found] = await ctx.services.database.db
		.select({
			organizationName: organizations.name,
			email: invitations.email,
			role: invitations.role,
			expiresAt: invitations.expiresAt
		})
		.from(invitations)
		.innerJoin(organizations, eq(organizations.id, invitations.organizationId))
		.where(
			and(
				eq(invitations.tokenHash, sha256(input.token)),
				gt(invitations.expiresAt, new Date(ctx.nowMs)),
				isOpen
			)
		);
	return found ? { ...found, expiresAt: found.expiresAt.toISOString() } : null;
}
