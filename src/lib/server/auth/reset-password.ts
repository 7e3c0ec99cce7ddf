import { and, eq, gt, isNull } from 'drizzle-orm';
import { ResetPasswordInput } from '$lib/inputs';
import type { Context } from '../context';
import { passwordResets, users } from '../db/schema/index';
import { AppError } from '../errors';
import { parseInput } from '../parse';
import { keepDevice } from './known-devices';
import { requireGoodPassword } from './password-policy';
import { sha256 } from './secrets';
import { setPassword } from './set-password';

const OPENS_NOTHING =
	'Your password was not changed: this link was used before, or is older than an hour. Ask for a new one.';

/** Whose password a link sets; null when it sets nobody's (any more). */
export async function findPasswordReset({
	ctx,
	input
}: {
	ctx: Context;
	input: { token: string };
}): Promise<{ userId: string; email: string; name: string } | null> {
	const [found] = await ctx.services.unbound.db
		.select({ userId: users.id, email: users.email, name: users.name })
		.from(passwordResets)
		.innerJoin(users, eq(users.id, passwordResets.userId))
		.where(
			and(
				eq(passwordResets.tokenHash, sha256(input.token)),
				gt(passwordResets.expiresAt, new Date(ctx.nowMs)),
				isNull(passwordResets.usedAt),
				isNull(users.disabledAt)
			)
		);
	return found ?? null;
}

/**
 * Sets the password that a mailed link allows to set, and signs its person out everywhere. This browser
 * counts as theirs from now on. @returns what its device cookie holds
 */
export async function resetPassword({
	ctx,
	input
}: {
	ctx: Context;
	input: ResetPasswordInput;
}): Promise<{ device: string }> {
	const { token, password } = parseInput(ResetPasswordInput, input);
	const person = await findPasswordReset({ ctx, input: { token } });
	if (!person) throw new AppError('not_found', OPENS_NOTHING);
	await requireGoodPassword(password, [person.email, person.name]);
	const isSet = await setPassword(
		ctx,
		{ userId: person.userId, password },
		'account.reset_password',
		{
			token
		}
	);
	if (!isSet) throw new AppError('not_found', OPENS_NOTHING);
	return { device: await keepDevice(ctx.services, person.userId, null) };
}
