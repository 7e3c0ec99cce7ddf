import { and, eq } from 'drizzle-orm';
import type { EndSessionInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { endSessions } from '../auth/end-sessions';
import { requireSession } from '../authorize';
import type { Context } from '../context';
import { sessions } from '../db/schema/index';
import { AppError } from '../errors';

/** Ends one of one's own sessions, or all but this one; what they still hear ends too. */
export async function endSession({
	ctx,
	input
}: {
	ctx: Context;
	input: EndSessionInput;
}): Promise<{ isEnded: true }> {
	const { person, session } = requireSession(ctx, 'account.use');
	const { sessionId } = input;
	await ctx.services.unbound.db.transaction(async (tx) => {
		if (sessionId === undefined) await endSessions(tx, person.userId, session.id);
		else {
			const ended = await tx
				.delete(sessions)
				.where(and(eq(sessions.userId, person.userId), eq(sessions.id, sessionId)))
				.returning({ id: sessions.id });
			if (ended.length === 0) throw new AppError('not_found', 'There is no such session any more.');
		}
		await writeAudit(tx, ctx, {
			organizationId: person.organizationId,
			action: 'account.end_session',
			after: { sessionId: sessionId ?? 'all others' }
		});
	});
	await ctx.services.hub.recheckStreamsOf(person.userId);
	return { isEnded: true };
}
