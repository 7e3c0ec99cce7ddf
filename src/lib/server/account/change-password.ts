import { eq } from 'drizzle-orm';
import { ChangePasswordInput } from '$lib/inputs';
import { requireGoodPassword } from '../auth/password-policy';
import { verifyPassword } from '../auth/passwords';
import { setPassword } from '../auth/set-password';
import { claimKey, forgetKey, waitSentence } from '../auth/throttle';
import { requireSession } from '../authorize';
import type { Context } from '../context';
import { users } from '../db/schema/index';
import { AppError } from '../errors';
import { parseInput } from '../parse';

const FREE_TRIES = 5;

/** Changes one's own password. Every other session ends; this one stays. */
export async function changePassword({
	ctx,
	input
}: {
	ctx: Context;
	input: ChangePasswordInput;
}): Promise<{ isChanged: true }> {
	const { person, session } = requireSession(ctx, 'account.use');
	const { currentPassword, password } = parseInput(ChangePasswordInput, input);
	const key = `proof:${session.id}`;
	const waitSeconds = await claimKey(ctx.services, { key, freeTries: FREE_TRIES });
	if (waitSeconds > 0) throw new AppError('too_many_requests', waitSentence(waitSeconds));
	const [user] = await ctx.services.unbound.db
		.select({ passwordHash: users.passwordHash })
		.from(users)
		.where(eq(users.id, person.userId));
	if (!(await verifyPassword(user?.passwordHash ?? null, currentPassword))) {
		const sentence = 'Your password was not changed: the current one is wrong.';
		throw new AppError('invalid', sentence, { currentPassword: sentence });
	}
	await forgetKey(ctx.services, key);
	await requireGoodPassword(password, [person.email, person.name, person.organizationName ?? '']);
	const { userId } = person;
	await setPassword(ctx, { userId, password }, 'account.change_password', {
		sessionId: session.id
	});
	return { isChanged: true };
}
