import { and, eq, gt, isNull } from 'drizzle-orm';
import { createContext, type Context } from '../context';
import { passwordResets, users } from '../db/schema/index';
import { writeAudit } from '../audit/write-audit';
import { queueMail, sendMailsSoon } from '../mails/queue-mail';
import { endSessions } from './end-sessions';
import { findPersonById } from './find-person';
import { hashPassword } from './passwords';
import { sha256 } from './secrets';

/**
 * Sets a password, makes every link to set one void, ends the person's sessions and tells them by mail.
 * @param proof the link that is used up by it, or the session that stays
 * @returns false when the link was used meanwhile
 */
export async function setPassword(
	ctx: Context,
	{ userId, password }: { userId: string; password: string },
	action: string,
	proof: { token: string } | { sessionId: string }
): Promise<boolean> {
	const { services, nowMs, request } = ctx;
	const now = new Date(nowMs);
	const person = await findPersonById({ ...services, database: services.unbound }, userId);
	if (!person) return false;
	const acting: Context = {
		...createContext(services, { kind: 'person', person }, nowMs),
		...(request && { request })
	};
	const passwordHash = await hashPassword(password);
	const isSet = await services.unbound.db.transaction(async (tx) => {
		if ('token' in proof) {
			const used = await tx
				.update(passwordResets)
				.set({ usedAt: now })
				.where(
					and(
						eq(passwordResets.tokenHash, sha256(proof.token)),
						gt(passwordResets.expiresAt, now),
						isNull(passwordResets.usedAt)
					)
				)
				.returning({ userId: passwordResets.userId });
			if (used[0]?.userId !== userId) return false;
		}
		await tx
			.update(users)
			.set({ passwordHash, passwordChangedAt: now })
			.where(eq(users.id, userId));
		await tx
			.update(passwordResets)
			.set({ usedAt: now })
			.where(and(eq(passwordResets.userId, userId), isNull(passwordResets.usedAt)));
		await endSessions(tx, userId, 'sessionId' in proof ? proof.sessionId : undefined);
		await writeAudit(tx, acting, { organizationId: person.organizationId, action });
		await queueMail(tx, ctx, {
			organizationId: person.organizationId,
			key: `password_changed:${userId}:${nowMs}`,
			to: person.email,
			subject: 'Your Talktime password was changed',
			text: 'The password of your Talktime account was changed just now, and every other browser was signed out.\n\nIf it was not you, ask for a new password on the sign-in page at once, and tell your administrator.',
			isSecret: false
		});
		return true;
	});
	if (isSet) {
		await services.hub.recheckStreamsOf(userId);
		sendMailsSoon(ctx);
	}
	return isSet;
}
