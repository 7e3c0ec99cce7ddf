import { and, eq, gt, isNull } from 'drizzle-orm';
import type { Context } from '../context';
import { sessions, users } from '../db/schema/index';

/** Whether the person behind a long request is who they were at its start, in a session that still lives. */
export async function isStillSignedIn(ctx: Context): Promise<boolean> {
	if (ctx.caller.kind !== 'person') return false;
	const { person, session } = ctx.caller;
	const { clock, database } = ctx.services;
	const isLive =
		session && and(eq(sessions.id, session.id), gt(sessions.expiresAt, new Date(clock())));
	const [found] = await database.db
		.select({ role: users.role, organizationId: users.organizationId, sessionId: sessions.id })
		.from(users)
		.leftJoin(sessions, and(eq(sessions.userId, users.id), isLive))
		.where(and(eq(users.id, person.userId), isNull(users.disabledAt)))
		.limit(1);
	if (!found || (session && found.sessionId === null)) return false;
	return found.role === person.role && found.organizationId === person.organizationId;
}
