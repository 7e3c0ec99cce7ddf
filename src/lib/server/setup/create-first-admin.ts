import type { Cookie } from 'lucia';
import { v7 as uuid } from 'uuid';
import { eq, sql } from 'drizzle-orm';
import { FirstAdminInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { openSession } from '../auth/open-session';
import { requireGoodPassword } from '../auth/password-policy';
import { hashPassword } from '../auth/passwords';
import { sha256 } from '../auth/secrets';
import { claimKey, waitSentence } from '../auth/throttle';
import type { Context } from '../context';
import { setupTokens, users } from '../db/schema/index';
import { AppError } from '../errors';
import { parseInput } from '../parse';

const FREE_TRIES = 10;

/** Makes the first super admin, for whoever holds a token that the server printed. Works once, ever. */
export async function createFirstAdmin({
	ctx,
	input,
	from
}: {
	ctx: Context;
	input: FirstAdminInput;
	from: { address: string; userAgent: string | null };
}): Promise<Cookie> {
	const waitSeconds = await claimKey(ctx.services, {
		key: `setup:${from.address}`,
		freeTries: FREE_TRIES
	});
	if (waitSeconds > 0) throw new AppError('too_many_requests', waitSentence(waitSeconds));
	const { token, name, email, password } = parseInput(FirstAdminInput, input);
	await requireGoodPassword(password, [email, name]);
	const passwordHash = await hashPassword(password);
	const userId = uuid();
	await ctx.services.unbound.db.transaction(async (tx) => {
		// Two that come at once are one after the other.
		await tx.execute(sql`lock table setup_tokens in exclusive mode`);
		const [admin] = await tx
			.select({ id: users.id })
			.from(users)
			.where(eq(users.role, 'super_admin'))
			.limit(1);
		if (admin) throw new AppError('conflict', 'There is a super admin already. Sign in instead.');
		const [offered] = await tx
			.select()
			.from(setupTokens)
			.where(eq(setupTokens.tokenHash, sha256(token)));
		if (!offered) {
			throw new AppError(
				'forbidden',
				'No account was made: this is not the link that the server printed. Look at its output; a restart prints a new one.'
			);
		}
		const role = 'super_admin' as const;
		const createdAt = new Date(ctx.nowMs);
		await tx
			.insert(users)
			.values({ id: userId, organizationId: null, email, name, role, passwordHash, createdAt });
		await tx.delete(setupTokens);
		const person = { userId, name, email, role, organizationId: null };
		const caller = {
			kind: 'person' as const,
			person: { ...person, organizationName: null, phone: null }
		};
		await writeAudit(
			tx,
			{ ...ctx, caller },
			{ organizationId: null, action: 'platform.set_up', after: { email } }
		);
	});
	return openSession(ctx, userId, from);
}
