import { formatMicros } from '../money';
import type { Budget, BudgetUse } from './budgets';

export const BLOCK_CODES = [
	'minutes_exhausted',
	'insufficient_balance',
	'budget_exhausted',
	'overdraft_unconfirmed',
	'organization_inactive',
	'already_calling'
] as const;
export type BlockCode = (typeof BLOCK_CODES)[number];

/** A refusal to dial: the code, the numbers of that moment, and the sentences people read. */
export interface Block {
	code: BlockCode;
	title: string;
	/** What did not happen, and why. */
	message: string;
	/** What to do. */
	wayOut: string;
	numbers: Record<string, number>;
}

function held(heldMinutes: number): string {
	if (heldMinutes === 0) return '';
	return ` (${heldMinutes} ${heldMinutes === 1 ? 'is' : 'are'} held by calls in progress)`;
}

function minutesLeft(minutes: number): string {
	return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left`;
}

/** No spendable minute is left for one more call. Minutes held by live calls are named apart. */
export function minutesExhausted(
	organizationName: string,
	remainingMinutes: number,
	heldMinutes: number
): Block {
	return {
		code: 'minutes_exhausted',
		title: 'No minutes left',
		message: `The call was not placed. ${organizationName} has ${minutesLeft(remainingMinutes)}${held(heldMinutes)}.`,
		wayOut:
			heldMinutes > 0
				? 'Wait until a call in progress ends, ask your administrator for minutes, or contact sales.'
				: 'Ask your administrator for minutes, or contact sales.',
		numbers: { remainingMinutes, heldMinutes }
	};
}

/** Neither minutes nor dollars are left for a minute of this call. */
export function insufficientBalance(
	organizationName: string,
	numbers: {
		remainingMinutes: number;
		heldMinutes: number;
		spendableMicros: bigint;
		heldMicros: bigint;
		perMinuteMicros: bigint;
	}
): Block {
	const dollars = `$${formatMicros(numbers.spendableMicros)}`;
	const heldDollars =
		numbers.heldMicros > 0n
			? ` ($${formatMicros(numbers.heldMicros)} is held by calls in progress)`
			: '';
	const minutes =
		numbers.remainingMinutes > 0 || numbers.heldMinutes > 0
			? `${minutesLeft(numbers.remainingMinutes)}${held(numbers.heldMinutes)} and `
			: '';
	return {
		code: 'insufficient_balance',
		title: 'Not enough balance',
		message: `The call was not placed. ${organizationName} has ${minutes}${dollars} in the wallet${heldDollars}; a minute to this number costs $${formatMicros(numbers.perMinuteMicros)}.`,
		wayOut: 'Add funds, ask your administrator for minutes, or contact sales.',
		numbers: {
			remainingMinutes: numbers.remainingMinutes,
			heldMinutes: numbers.heldMinutes,
			spendableDollars: Number(formatMicros(numbers.spendableMicros)),
			perMinuteDollars: Number(formatMicros(numbers.perMinuteMicros, 6))
		}
	};
}

/**
 * The budget of a person or campaign leaves less than this call asks for.
 * @param neededMinutes what the call needs at least
 */
export function budgetExhausted(
	budget: Pick<Budget, 'scope' | 'subjectName' | 'period' | 'limitMinutes'>,
	{ usedMinutes, heldMinutes }: Pick<BudgetUse, 'usedMinutes' | 'heldMinutes'>,
	neededMinutes: number
): Block {
	const limitMinutes = budget.limitMinutes ?? 0;
	const leftMinutes = Math.max(0, limitMinutes - usedMinutes - heldMinutes);
	const span = budget.period === 'day' ? 'today' : 'this month';
	const whose =
		budget.scope === 'user'
			? `that ${budget.subjectName} may use`
			: `of the campaign ${budget.subjectName} for`;
	const rest =
		leftMinutes > 0 ? `; ${minutesLeft(leftMinutes)}, ${neededMinutes} were asked for` : '';
	const next = budget.period === 'day' ? 'tomorrow' : 'next month';
	return {
		code: 'budget_exhausted',
		title: budget.period === 'day' ? "Today's budget is used up" : "This month's budget is used up",
		message: `The call was not placed. Of the ${limitMinutes} minutes ${whose} ${span}, ${usedMinutes} ${usedMinutes === 1 ? 'is' : 'are'} used${held(heldMinutes)}${rest}.`,
		wayOut: `${heldMinutes > 0 ? 'Wait until a call in progress ends, ask' : 'Ask'} your manager to raise it, or go on ${next}.`,
		numbers: { budgetMinutes: limitMinutes, usedMinutes, heldMinutes, leftMinutes }
	};
}

/** Credit is used up, but an agreed overdraft is left: the agent has to say yes. */
export function overdraftUnconfirmed(organizationName: string, overdraftMinutes: number): Block {
	return {
		code: 'overdraft_unconfirmed',
		title: 'Into the overdraft?',
		message: `The call was not placed. ${organizationName} has used up its credit; ${overdraftMinutes} minutes of agreed overdraft are left.`,
		wayOut: 'Confirm to call on the overdraft; the next top-up pays it first.',
		numbers: { overdraftMinutes }
	};
}

/** The organisation is switched off. */
export function organizationInactive(organizationName: string): Block {
	return {
		code: 'organization_inactive',
		title: 'Calling is switched off',
		message: `The call was not placed. Calling is switched off for ${organizationName}.`,
		wayOut: 'Ask your administrator to switch it on, or contact sales.',
		numbers: {}
	};
}

/** A live call to this number is already there. */
export function alreadyCalling(organizationName: string): Block {
	return {
		code: 'already_calling',
		title: 'Already being called',
		message: `The call was not placed. ${organizationName} is calling this number right now.`,
		wayOut: 'Wait until that call ends, then call again.',
		numbers: {}
	};
}
