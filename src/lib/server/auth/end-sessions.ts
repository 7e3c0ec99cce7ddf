import { and, eq, ne } from 'drizzle-orm';
import type { Database } from '../db/client';
import { sessions } from '../db/schema/index';

/**
 * Signs a person out, in the transaction of what makes it needed. Afterwards `hub.recheckStreamsOf` ends
 * what they still hear.
 * @param exceptId the session that stays
 */
export async function endSessions(
	tx: Pick<Database, 'delete'>,
	userId: string,
	exceptId?: string
): Promise<void> {
	const theirs = eq(sessions.userId, userId);
	await tx
		.delete(sessions)
		.where(exceptId === undefined ? theirs : and(theirs, ne(sessions.id, exceptId)));
}
