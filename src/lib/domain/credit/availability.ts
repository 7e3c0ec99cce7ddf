import { insufficientBalance, minutesExhausted, type Block } from './blocks';
import { planFunding, spendableMicros, spendableMinutes } from './funding';
import { priceMicros, walletStatus } from './rating';
import type { Credit, Rate } from './types';

export type WarningType =
	'normal' | 'low_balance' | 'negative_balance' | 'no_allocation' | 'credit_limit_exceeded';

/** Below this share of the allocated minutes the answer warns. */
const LOW_SHARE = 0.2;

/** Whether an organisation uses its wallet at all: its mode does, and money was ever there. */
function usesWallet(credit: Credit): boolean {
	if (credit.mode === 'minutes') return false;
	return credit.mode === 'wallet' || credit.balanceMicros > 0n || credit.debtMicros > 0n;
}

/** Credit and agreed debt in a word, graduated from fine to stopped. */
export function warningType(credit: Credit, rate: Rate, nowMs: number): WarningType {
	const withoutDebt = planFunding(credit, rate, 1, nowMs).coveredMinutes > 0;
	const withDebt = planFunding(credit, rate, 1, nowMs, { isOverdraftAgreed: true });
	const hasOverdraft = credit.overdraftLimitMinutes > 0 || credit.overdraftLimitMicros > 0n;
	if (!withoutDebt && hasOverdraft) {
		return withDebt.coveredMinutes > 0 ? 'negative_balance' : 'credit_limit_exceeded';
	}
	if (credit.totalMinutes === 0 && !usesWallet(credit)) return 'no_allocation';
	const isLowOnMinutes =
		credit.totalMinutes > 0 && spendableMinutes(credit, nowMs) < credit.totalMinutes * LOW_SHARE;
	const isLowOnMoney = walletStatus(credit.balanceMicros) === 'LOW';
	const isLow =
		credit.mode === 'wallet'
			? isLowOnMoney
			: isLowOnMinutes && (!usesWallet(credit) || isLowOnMoney);
	return isLow ? 'low_balance' : 'normal';
}

/**
 * Why a call of that length cannot be paid now.
 * @returns null when it can
 */
export function creditBlock(
	organizationName: string,
	credit: Credit,
	rate: Rate,
	minutes: number,
	nowMs: number
): Block | null {
	if (planFunding(credit, rate, minutes, nowMs).coveredMinutes >= minutes) return null;
	const remainingMinutes = credit.mode === 'wallet' ? 0 : spendableMinutes(credit, nowMs);
	// What minutes do not cover has to come from the wallet.
	const missing = Math.max(1, minutes - remainingMinutes);
	if (!usesWallet(credit)) {
		return minutesExhausted(
			organizationName,
			{ remainingMinutes, heldMinutes: credit.heldMinutes, neededMinutes: minutes },
			credit.mode
		);
	}
	return insufficientBalance(
		organizationName,
		{
			remainingMinutes,
			heldMinutes: credit.heldMinutes,
			spendableMicros: spendableMicros(credit),
			heldMicros: credit.heldMicros,
			perMinuteMicros: rate.perMinuteMicros
		},
		{ minutes: missing, costMicros: priceMicros(rate, missing * 60) },
		credit.mode
	);
}

export type Payer = 'minutes' | 'wallet' | 'overdraft';

/** What would pay the first minute of a call at this rate; null when nothing would. */
export function firstPayer(credit: Credit, rate: Rate, nowMs: number): Payer | null {
	const plan = planFunding(credit, rate, 1, nowMs, { isOverdraftAgreed: true });
	if (plan.parts.length > 0) return 'minutes';
	if (plan.walletMinutes > 0) return 'wallet';
	return plan.overdraftSeconds > 0 ? 'overdraft' : null;
}
