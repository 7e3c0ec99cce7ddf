import { eq } from 'drizzle-orm';
import type { ProveInput } from '$lib/inputs';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { sessions, users } from '../db/schema/index';
import { AppError } from '../errors';
import { verifyPassword } from './passwords';
import { claimKey, forgetKey, waitSentence } from './throttle';

const FREE_TRIES = 5;

/** Shows once more that it is the person, for what asks for a fresh proof. It holds for this session. */
export async function provePerson({
	ctx,
	input
}: {
	ctx: Context;
	input: ProveInput;
}): Promise<{ isProved: true }> {
	const person = requirePerson(ctx, 'account.use');
	const session = ctx.caller.kind === 'person' ? ctx.caller.session : undefined;
	if (!session) throw new AppError('forbidden', 'An API token proves nothing. Sign in instead.');
	const { services } = ctx;
	const key = `proof:${session.id}`;
	const waitSeconds = await claimKey(services, { key, freeTries: FREE_TRIES });
	if (waitSeconds > 0) throw new AppError('too_many_requests', waitSentence(waitSeconds));
	const { db } = services.database;
	const [user] = await db
		.select({ passwordHash: users.passwordHash })
		.from(users)
		.where(eq(users.id, person.userId));
	if (!(await verifyPassword(user?.passwordHash ?? null, input.password))) {
		const sentence = 'The password is wrong.';
		throw new AppError('invalid', sentence, { password: sentence });
	}
	await db
		.update(sessions)
		.set({ provedAt: new Date(ctx.nowMs) })
		.where(eq(sessions.id, session.id));
	await forgetKey(services, key);
	return { isProved: true };
}
