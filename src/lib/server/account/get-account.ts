import { and, count, desc, eq, gt, isNull } from 'drizzle-orm';
import type { AccountView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { recoveryCodes, sessions, users } from '../db/schema/index';
import { AppError } from '../errors';

const SESSIONS_SHOWN_MAX = 100;

/** A person's own account: how they get in, and where they are in. */
export async function getAccount({ ctx }: { ctx: Context }): Promise<AccountView> {
	const person = requirePerson(ctx, 'account.use');
	const currentId = ctx.caller.kind === 'person' ? ctx.caller.session?.id : undefined;
	const { db } = ctx.services.unbound;
	const isTheirs = eq(sessions.userId, person.userId);
	const [[user], [codes], rows] = await Promise.all([
		db.select().from(users).where(eq(users.id, person.userId)),
		db
			.select({ left: count() })
			.from(recoveryCodes)
			.where(and(eq(recoveryCodes.userId, person.userId), isNull(recoveryCodes.usedAt))),
		db
			.select()
			.from(sessions)
			.where(and(isTheirs, gt(sessions.expiresAt, new Date(ctx.nowMs))))
			.orderBy(desc(sessions.lastSeenAt))
			.limit(SESSIONS_SHOWN_MAX)
	]);
	if (!user) throw new AppError('unauthorized', 'Sign in to see your account.');
	return {
		name: user.name,
		email: user.email,
		hasTotp: user.totpEnabledAt !== null,
		recoveryCodesLeft: codes?.left ?? 0,
		passwordChangedAt: user.passwordChangedAt?.toISOString() ?? null,
		sessions: rows.map((row) => ({
			id: row.id,
			isCurrent: row.id === currentId,
			address: row.address,
			userAgent: row.userAgent,
			lastSeenAt: row.lastSeenAt.toISOString(),
			createdAt: row.createdAt.toISOString()
		}))
	};
}
