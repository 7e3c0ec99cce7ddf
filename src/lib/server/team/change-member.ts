import { and, eq } from 'drizzle-orm';
import { writeAudit } from '../audit/write-audit';
import { endSessions } from '../auth/end-sessions';
import type { Context } from '../context';
import { users } from '../db/schema/index';
import { AppError } from '../errors';

type UserRow = typeof users.$inferSelect;
export type MemberChange = Partial<Pick<UserRow, 'role' | 'disabledAt'>>;

/**
 * Changes what a member may do. Their sessions end in the same transaction and their streams right after
 * it, so nothing of the old right is left. What is so already is not changed.
 */
export async function changeMember(
	ctx: Context,
	{ organizationId, userId }: { organizationId: number; userId: string },
	action: string,
	change: (member: UserRow) => MemberChange | null
): Promise<void> {
	if (ctx.caller.kind === 'person' && ctx.caller.person.userId === userId) {
		throw new AppError(
			'conflict',
			'Nothing was changed: nobody changes their own place in the team. Ask another manager.'
		);
	}
	const isChanged = await ctx.services.database.db.transaction(async (tx) => {
		const isMember = and(eq(users.organizationId, organizationId), eq(users.id, userId));
		const [member] = await tx.select().from(users).where(isMember).for('update');
		if (!member) throw new AppError('not_found', 'userId names no member of the organisation.');
		const changed = change(member);
		if (!changed) return false;
		await tx.update(users).set(changed).where(isMember);
		await endSessions(tx, userId);
		const { role, disabledAt } = { ...member, ...changed };
		await writeAudit(tx, ctx, {
			organizationId,
			action,
			before: { userId, role: member.role, isActive: member.disabledAt === null },
			after: { userId, role, isActive: disabledAt === null }
		});
		return true;
	});
	if (isChanged) await ctx.services.hub.recheckStreamsOf(userId);
}
