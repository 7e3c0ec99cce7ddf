import { sql } from 'drizzle-orm';
import type { Cookie } from 'lucia';
import type { Context } from '../context';
import { users } from '../db/schema/users';
import { verifyPassword } from './passwords';
import { claimTry, forgetTries } from './throttle';

export interface SignInInput {
	email: string;
	password: string;
	/** Where the request came from. */
	address: string;
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
	if (waitSeconds > 0) {
		const wait =
			waitSeconds > 90 ? `${Math.ceil(waitSeconds / 60)} minutes` : `${waitSeconds} seconds`;
		return { ok: false, message: `Too many tries. Wait ${wait}, then try again.` };
	}
	const [user] = await services.database.db
		.select({ id: users.id, passwordHash: users.passwordHash, disabledAt: users.disabledAt })
		.from(users)
		.where(sql`lower(${users.email}) = ${email.toLowerCase()}`);
	const storedHash = user && user.disabledAt === null ? user.passwordHash : null;
	const isRight = await verifyPassword(storedHash, input.password.slice(0, 1024));
	if (!user || !isRight) return { ok: false, message: REFUSED };
	await forgetTries(services, email, input.address);
	const session = await services.sessions.createSession(user.id, {});
	return { ok: true, sessionCookie: services.sessions.createSessionCookie(session.id) };
}
