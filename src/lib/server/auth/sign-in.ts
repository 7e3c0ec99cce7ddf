import { sql } from 'drizzle-orm';
import type { Cookie } from 'lucia';
import type { Context } from '../context';
import { users } from '../db/schema/users';
import { openSession } from './open-session';
import { verifyPassword } from './passwords';
import { claimTry, forgetTries, waitSentence } from './throttle';

export interface SignInInput {
	email: string;
	password: string;
	/** Where the request came from. */
	address: string;
	/** What the browser says it is. */
	userAgent?: string | null;
}

export type SignInResult = { ok: true; sessionCookie: Cookie } | { ok: false; message: string };

/** One sentence for every cause, so that a stranger learns nothing about who has an account. */
const REFUSED = 'You are not signed in: the e-mail or the password is wrong.';

export async function signIn({
	ctx,
	input
}: {
	ctx: Context;
	input: SignInInput;
}): Promise<SignInResult> {
	const { services } = ctx;
	const email = input.email.trim().slice(0, 254);
	const waitSeconds = await claimTry(services, email, input.address);
	if (waitSeconds > 0) return { ok: false, message: waitSentence(waitSeconds) };
	const [user] = await services.database.db
		.select({ id: users.id, passwordHash: users.passwordHash, disabledAt: users.disabledAt })
		.from(users)
		.where(sql`lower(${users.email}) = ${email.toLowerCase()}`);
	const storedHash = user && user.disabledAt === null ? user.passwordHash : null;
	const isRight = await verifyPassword(storedHash, input.password.slice(0, 1024));
	if (!user || !isRight) return { ok: false, message: REFUSED };
	await forgetTries(services, email, input.address);
	const { address, userAgent } = input;
	return { ok: true, sessionCookie: await openSession(ctx, user.id, { address, userAgent }) };
}
