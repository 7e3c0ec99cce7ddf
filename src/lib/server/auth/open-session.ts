import type { Cookie } from 'lucia';
import { v7 as uuid } from 'uuid';
import type { Context } from '../context';

const USER_AGENT_LENGTH_MAX = 300;

/** Starts a session of a person who has just shown that it is them. */
export async function openSession(
	{ services, nowMs }: Context,
	userId: string,
	from: { address: string; userAgent?: string | null }
): Promise<Cookie> {
	const now = new Date(nowMs);
	const session = await services.sessions.createSession(userId, {
		publicId: uuid(),
		provedAt: now,
		lastSeenAt: now,
		address: from.address,
		userAgent: from.userAgent?.slice(0, USER_AGENT_LENGTH_MAX) ?? null
	});
	return services.sessions.createSessionCookie(session.id);
}
