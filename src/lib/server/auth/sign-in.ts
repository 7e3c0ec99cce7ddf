import { sql } from 'drizzle-orm';
import type { Cookie } from 'lucia';
import type { Context } from '../context';
import { users } from '../db/schema/users';
import { findKnownDevice, keepDevice } from './known-devices';
import { openSession } from './open-session';
import { verifyPassword } from './passwords';
import { claimKey, claimTry, forgetKey, forgetTries, waitSentence } from './throttle';
import { isTotpCode, takeCode } from './totp';

export interface SignInInput {
	email: string;
	password: string;
	/** Where the request came from. */
	address: string;
	/** What the browser says it is. */
	userAgent?: string | null;
	/** Of an authenticator, or a recovery code, where the account asks for one. */
	code?: string | null;
	/** The cookie of a browser that signed in before. */
	device?: string | null;
}

export type SignInResult =
	| { ok: true; sessionCookie: Cookie; device: string }
	| { ok: false; message: string; needsCode: boolean };

/** One sentence for every cause, so that a stranger learns nothing about who has an account. */
const REFUSED = 'You are not signed in: the e-mail or the password is wrong.';
const CODE_WANTED = 'Enter the code of your authenticator app, or a recovery code.';
const CODE_REFUSED = 'You are not signed in: the code is wrong, or was used before.';
const FREE_CODES = 10;

export async function signIn({
	ctx,
	input
}: {
	ctx: Context;
	input: SignInInput;
}): Promise<SignInResult> {
	const { services } = ctx;
	const email = input.email.trim().slice(0, 254);
	const from = {
		email,
		address: input.address,
		knownDevice: await findKnownDevice(services, input.device, email)
	};
	const waitSeconds = await claimTry(services, from);
	if (waitSeconds > 0) return refused(waitSentence(waitSeconds));
	const [user] = await services.unbound.db
		.select()
		.from(users)
		.where(sql`lower(${users.email}) = ${email.toLowerCase()}`);
	const storedHash = user && user.disabledAt === null ? user.passwordHash : null;
	const isRight = await verifyPassword(storedHash, input.password.slice(0, 1024));
	if (!user || !isRight) return refused(REFUSED);
	await forgetTries(services, from);
	if (user.totpEnabledAt !== null) {
		const problem = await checkCode(ctx, user, input.code?.trim() ?? '');
		if (problem !== null) return { ok: false, message: problem, needsCode: true };
	}
	const { address, userAgent } = input;
	return {
		ok: true,
		sessionCookie: await openSession(ctx, user.id, { address, userAgent }),
		device: await keepDevice(services, user.id, input.device)
	};
}

function refused(message: string): SignInResult {
	return { ok: false, message, needsCode: false };
}

/**
 * Codes are few, so wrong ones count per account, whoever has the password. A recovery code cannot be
 * guessed: it is never made to wait, so the owner always gets in.
 */
async function checkCode(
	{ services, nowMs }: Context,
	user: typeof users.$inferSelect,
	code: string
): Promise<string | null> {
	if (code === '') return CODE_WANTED;
	const key = `code:${user.id}`;
	const isCounted = isTotpCode(code);
	const waitSeconds = isCounted ? await claimKey(services, { key, freeTries: FREE_CODES }) : 0;
	if (waitSeconds > 0) return waitSentence(waitSeconds);
	if (!(await takeCode(services.unbound.db, user, code, nowMs))) return CODE_REFUSED;
	if (isCounted) await forgetKey(services, key);
	return null;
}
