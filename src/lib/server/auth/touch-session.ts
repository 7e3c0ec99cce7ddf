import { and, eq, lt } from 'drizzle-orm';
import type { Session } from 'lucia';
import { sessions } from '../db/schema/index';
import type { Services } from '../services';

/** A page that is used all day is one write in so long, not one per click. */
const EVERY_MS = 5 * 60_000;

/** Notes that a session was used, and from where. */
export async function touchSession(
	services: Services,
	session: Session,
	address: string | null
): Promise<void> {
	const nowMs = services.clock();
	const staleBefore = new Date(nowMs - EVERY_MS);
	if (session.lastSeenAt > staleBefore) return;
	await services.unbound.db
		.update(sessions)
		.set({ lastSeenAt: new Date(nowMs), address })
		.where(and(eq(sessions.id, session.publicId), lt(sessions.lastSeenAt, staleBefore)));
}
