import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { PasswordResetRequestInput } from '$lib/inputs';
import type { Context } from '../context';
import { passwordResets, users } from '../db/schema/index';
import { AppError } from '../errors';
import { queueMail, sendMailsSoon } from '../mails/queue-mail';
import { parseInput } from '../parse';
import { newLinkToken, sha256 } from './secrets';
import { claimKey, waitSentence } from './throttle';

const LIFE_MS = 60 * 60_000;
const FREE_REQUESTS = 10;
/** A mailbox is not for filling. */
const PAUSE_MS = 5 * 60_000;

/**
 * Mails a link to set a new password, when there is such an account. The answer comes before the account
 * is looked for, so neither its words nor its time say whether there is one.
 */
export async function requestPasswordReset({
	ctx,
	input
}: {
	ctx: Context;
	input: { email: string; address: string };
}): Promise<void> {
	const { email } = parseInput(PasswordResetRequestInput, input);
	const key = `reset:${input.address}`;
	const waitSeconds = await claimKey(ctx.services, { key, freeTries: FREE_REQUESTS });
	if (waitSeconds > 0) throw new AppError('too_many_requests', waitSentence(waitSeconds));
	void mailReset(ctx, email).catch((error: unknown) =>
		ctx.services.log.error({ err: error }, 'a password link was not made')
	);
}

async function mailReset(ctx: Context, email: string): Promise<void> {
	const { config, unbound } = ctx.services;
	const token = newLinkToken();
	await unbound.db.transaction(async (tx) => {
		const [user] = await tx
			.select()
			.from(users)
			.where(and(sql`lower(${users.email}) = ${email.toLowerCase()}`, isNull(users.disabledAt)))
			.for('update');
		if (!user) return;
		const justNow = new Date(ctx.nowMs - PAUSE_MS);
		const [recent] = await tx
			.select({ userId: passwordResets.userId })
			.from(passwordResets)
			.where(and(eq(passwordResets.userId, user.id), gt(passwordResets.createdAt, justNow)))
			.limit(1);
		if (recent) return;
		const expiresAt = new Date(ctx.nowMs + LIFE_MS);
		const tokenHash = sha256(token);
		const createdAt = new Date(ctx.nowMs);
		await tx.insert(passwordResets).values({ tokenHash, userId: user.id, createdAt, expiresAt });
		await queueMail(tx, ctx, {
			organizationId: user.organizationId,
			key: `password_reset:${tokenHash}`,
			to: user.email,
			subject: 'Set a new password for Talktime',
			text: [
				'Somebody, hopefully you, asked to set a new password for this address on Talktime.',
				`Open this link to choose one. It works once, until ${expiresAt.toUTCString()}:`,
				`${config.origin}/reset-password?token=${token}`,
				'If it was not you, do nothing: your password stays as it is.'
			].join('\n\n'),
			isSecret: true
		});
	});
	sendMailsSoon(ctx);
}
