import { eq } from 'drizzle-orm';
import type { ProveInput } from '$lib/inputs';
import { requireSession } from '../authorize';
import type { Context } from '../context';
import { sessions, users } from '../db/schema/index';
import { AppError } from '../errors';
import { verifyPassword } from './passwords';
import { claimKey, forgetKey, waitSentence } from './throttle';
import { takeCode } from './totp';

const FREE_TRIES = 5;

/** Shows once more that it is the person, for what asks for a fresh proof. It holds for this session. */
export async function provePerson({
	ctx,
	input
}: {
	ctx: Context;
	input: ProveInput;
}): Promise<{ isProved: true }> {
	const { person, session } = requireSession(ctx, 'account.use');
	const { services } = ctx;
	const key = `proof:${session.id}`;
	const waitSeconds = await claimKey(services, { key, freeTries: FREE_TRIES });
	if (waitSeconds > 0) throw new AppError('too_many_requests', waitSentence(waitSeconds));
	const { db } = services.unbound;
	const [user] = await db.select().from(users).where(eq(users.id, person.userId));
	const isProved =
		'code' in input
			? user !== undefined &&
				user.totpEnabledAt !== null &&
				(await takeCode(db, user, input.code, ctx.nowMs))
			: await verifyPassword(user?.passwordHash ?? null, input.password);
	if (!isProved) {
		const what = 'code' in input ? 'code' : 'password';
		const sentence = `The ${what} is wrong.`;
		throw new AppError('invalid', sentence, { [what]: sentence });
	}
	await db
		.update(sessions)
		.set({ provedAt: new Date(ctx.nowMs) })
		.where(eq(sessions.id, session.id));
	await forgetKey(services, key);
	return { isProved: true };
}
