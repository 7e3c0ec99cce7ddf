import { formatMicros, parseMicros } from '$lib/domain/money';
import type { AdjustWalletInput } from '$lib/inputs';
import type { CreditsView } from '$lib/views';
import { actorOf, requirePermission, requireRecentProof } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { findCredits } from './credit-rows';

/** Puts money into a wallet by hand, or takes it out, with a reason. The same `requestId` books once. */
export async function adjustWallet({
	ctx,
	input
}: {
	ctx: Context;
	input: AdjustWalletInput;
}): Promise<CreditsView> {
	requirePermission(ctx, 'wallet.adjust');
	requireRecentProof(ctx);
	const amountMicros = parseMicros(input.amount);
	if (amountMicros === 0n) {
		throw new AppError('invalid', 'Amount must not be zero.', {
			amount: 'Amount must not be zero.'
		});
	}
	const result = await ctx.services.lane.submit({
		kind: 'move_money',
		transactionId: input.requestId,
		organizationId: input.organizationId,
		type: amountMicros > 0n ? 'credit' : 'debit',
		amountMicros: amountMicros > 0n ? amountMicros : -amountMicros,
		description: input.reason,
		metadata: { kind: 'adjustment' },
		actor: actorOf(ctx)
	});
	if (result.kind === 'id_taken') throw new AppError('conflict', 'requestId is already in use.');
	if (result.kind === 'not_enough') {
		const sentence = `Amount is more than can be taken out: $${formatMicros(result.spendableMicros)} is not held by calls.`;
		throw new AppError('invalid', sentence, { amount: sentence });
	}
	const credits = await findCredits(ctx.services.database.db, input.organizationId);
	if (result.kind === 'unknown_organization' || !credits) {
		throw new AppError('not_found', 'organization_id names no organisation.');
	}
	return credits;
}
