import { eq } from 'drizzle-orm';
import { renderSVG } from 'uqr';
import type { ConfirmTotpInput } from '$lib/inputs';
import type { RecoveryCodesView, TotpSetupView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { findStep, makeRecoveryCodes, newTotpSecret, totpUri } from '../auth/totp';
import { claimKey, forgetKey, waitSentence } from '../auth/throttle';
import { requireRecentProof, requireSession } from '../authorize';
import type { Context } from '../context';
import { recoveryCodes, users } from '../db/schema/index';
import { AppError } from '../errors';

const FREE_CODES = 10;

/** Begins to set up an authenticator: its secret counts once a first code has shown that it works. */
export async function startTotp({ ctx }: { ctx: Context }): Promise<TotpSetupView> {
	const { person } = requireSession(ctx, 'account.use');
	requireRecentProof(ctx);
	const secret = newTotpSecret();
	const { db } = ctx.services.unbound;
	await db.transaction(async (tx) => {
		const isMe = eq(users.id, person.userId);
		const [user] = await tx.select().from(users).where(isMe).for('update');
		if (!user || user.totpEnabledAt !== null) {
			throw new AppError('conflict', 'An authenticator is set up already. Remove it first.');
		}
		await tx.update(users).set({ totpSecret: secret }).where(isMe);
	});
	const uri = totpUri(secret, person.email);
	return { secret, uri, qrSvg: renderSVG(uri, { border: 2 }) };
}

/** Turns the second step on, and tells the recovery codes, once. */
export async function confirmTotp({
	ctx,
	input
}: {
	ctx: Context;
	input: ConfirmTotpInput;
}): Promise<RecoveryCodesView> {
	const { person } = requireSession(ctx, 'account.use');
	requireRecentProof(ctx);
	const key = `code:${person.userId}`;
	const waitSeconds = await claimKey(ctx.services, { key, freeTries: FREE_CODES });
	if (waitSeconds > 0) throw new AppError('too_many_requests', waitSentence(waitSeconds));
	const codes = await ctx.services.unbound.db.transaction(async (tx) => {
		const isMe = eq(users.id, person.userId);
		const [user] = await tx.select().from(users).where(isMe).for('update');
		if (!user?.totpSecret || user.totpEnabledAt !== null) {
			throw new AppError('conflict', 'Nothing waits to be confirmed. Begin the set-up again.');
		}
		const step = findStep(user.totpSecret, input.code.replace(/\s/g, ''), ctx.nowMs);
		if (step === null) {
			const sentence =
				'The code is wrong. Enter the six digits the app shows now; the clock of the phone must be right.';
			throw new AppError('invalid', sentence, { code: sentence });
		}
		await tx
			.update(users)
			.set({ totpEnabledAt: new Date(ctx.nowMs), totpLastStep: step })
			.where(isMe);
		await writeAudit(tx, ctx, { organizationId: person.organizationId, action: 'account.totp_on' });
		return makeRecoveryCodes(tx, person.userId);
	});
	await forgetKey(ctx.services, key);
	return { recoveryCodes: codes };
}

/** Turns the second step off: the password alone signs in again. */
export async function removeTotp({ ctx }: { ctx: Context }): Promise<{ isRemoved: true }> {
	const { person } = requireSession(ctx, 'account.use');
	requireRecentProof(ctx);
	await ctx.services.unbound.db.transaction(async (tx) => {
		await tx
			.update(users)
			.set({ totpSecret: null, totpEnabledAt: null, totpLastStep: null })
			.where(eq(users.id, person.userId));
		await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, person.userId));
		await writeAudit(tx, ctx, {
			organizationId: person.organizationId,
			action: 'account.totp_off'
		});
	});
	return { isRemoved: true };
}

/** Makes new recovery codes; those before open nothing any more. */
export async function renewRecoveryCodes({ ctx }: { ctx: Context }): Promise<RecoveryCodesView> {
	const { person } = requireSession(ctx, 'account.use');
	requireRecentProof(ctx);
	const codes = await ctx.services.unbound.db.transaction(async (tx) => {
		const [user] = await tx.select().from(users).where(eq(users.id, person.userId)).for('update');
		if (!user || user.totpEnabledAt === null) {
			throw new AppError(
				'conflict',
				'Recovery codes belong to an authenticator. Set one up first.'
			);
		}
		const action = 'account.recovery_codes';
		await writeAudit(tx, ctx, { organizationId: person.organizationId, action });
		return makeRecoveryCodes(tx, person.userId);
	});
	return { recoveryCodes: codes };
}
