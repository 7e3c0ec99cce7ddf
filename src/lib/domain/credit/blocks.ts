import type { RefusedKind } from '../fraud/destination';
import { formatMicros } from '../money';
import type { Budget, BudgetUse } from './budgets';
import type { BillingMode } from './types';

export const BLOCK_CODES = [
	'minutes_exhausted',
	'insufficient_balance',
	'budget_exhausted',
	'overdraft_unconfirmed',
	'organization_inactive',
	'already_calling',
	'number_not_allowed',
	'country_not_allowed',
	'price_too_high',
	'calling_too_fast',
	'calling_paused'
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

/**
 * Fewer minutes are left than one more call needs. Those held by live calls are named apart.
 * @param neededMinutes what the call needs at least
 * @param mode where the wallet may pay too, funds are a way out
 */
export function minutesExhausted(
	organizationName: string,
	numbers: { remainingMinutes: number; heldMinutes: number; neededMinutes: number },
	mode: BillingMode
): Block {
	const { remainingMinutes, heldMinutes, neededMinutes } = numbers;
	const needs = remainingMinutes > 0 ? `; this call needs ${neededMinutes}` : '';
	const ask = mode === 'minutes' ? 'minutes' : 'minutes or funds';
	return {
		code: 'minutes_exhausted',
		title: remainingMinutes > 0 ? 'Not enough minutes' : 'No minutes left',
		message: `The call was not placed. ${organizationName} has ${minutesLeft(remainingMinutes)}${held(heldMinutes)}${needs}.`,
		wayOut:
			heldMinutes > 0
				? `Wait until a call in progress ends, ask your administrator for ${ask}, or contact sales.`
				: `Ask your administrator for ${ask}, or contact sales.`,
		numbers: { remainingMinutes, heldMinutes }
	};
}

/**
 * Neither minutes nor dollars are left for what the call needs.
 * @param needed minutes the call needs at least, and what they cost from the wallet
 * @param mode where the wallet alone pays, minutes are no way out
 */
export function insufficientBalance(
	organizationName: string,
	numbers: {
		remainingMinutes: number;
		heldMinutes: number;
		spendableMicros: bigint;
		heldMicros: bigint;
		perMinuteMicros: bigint;
	},
	needed: { minutes: number; costMicros: bigint },
	mode: BillingMode
): Block {
	const paysMinutes = mode !== 'wallet';
	const [dollars, cost] = tellApart(numbers.spendableMicros, needed.costMicros);
	const heldDollars =
		numbers.heldMicros > 0n
			? ` ($${formatMicros(numbers.heldMicros)} is held by calls in progress)`
			: '';
	const minutes =
		paysMinutes && (numbers.remainingMinutes > 0 || numbers.heldMinutes > 0)
			? `${minutesLeft(numbers.remainingMinutes)}${held(numbers.heldMinutes)} and `
			: '';
	const more = numbers.remainingMinutes > 0 ? 'more' : 'minutes';
	const needs =
		needed.minutes === 1
			? `a minute to this number costs ${cost}`
			: `the ${needed.minutes} ${more} it needs cost ${cost}`;
	return {
		code: 'insufficient_balance',
		title: 'Not enough balance',
		message: `The call was not placed. ${organizationName} has ${minutes}${dollars} in the wallet${heldDollars}; ${needs}.`,
		wayOut: paysMinutes
			? 'Add funds, ask your administrator for minutes, or contact sales.'
			: 'Add funds, or contact sales.',
		numbers: {
			remainingMinutes: numbers.remainingMinutes,
			heldMinutes: numbers.heldMinutes,
			spendableDollars: Number(formatMicros(numbers.spendableMicros)),
			perMinuteDollars: Number(formatMicros(numbers.perMinuteMicros, 6))
		}
	};
}

/** Two amounts in cents, or as exactly as it takes to see that they differ. */
function tellApart(one: bigint, other: bigint): [string, string] {
	const decimals = formatMicros(one) === formatMicros(other) ? 6 : 2;
	return [`$${formatMicros(one, decimals)}`, `$${formatMicros(other, decimals)}`];
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

const NEXT_CREDIT: Record<BillingMode, string> = {
	minutes: 'the next allocation',
	wallet: 'the next top-up',
	minutes_then_wallet: 'the next allocation or top-up'
};

/** Credit is used up, but an agreed overdraft is left: the agent has to say yes. */
export function overdraftUnconfirmed(
	organizationName: string,
	overdraftMinutes: number,
	mode: BillingMode
): Block {
	return {
		code: 'overdraft_unconfirmed',
		title: 'Into the overdraft?',
		message: `The call was not placed. ${organizationName} has used up its credit; ${overdraftMinutes} ${overdraftMinutes === 1 ? 'minute' : 'minutes'} of agreed overdraft ${overdraftMinutes === 1 ? 'is' : 'are'} left.`,
		wayOut: `Confirm to call on the overdraft; ${NEXT_CREDIT[mode]} pays it first.`,
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

const KIND_WORDS: Record<RefusedKind, string> = {
	premium: 'a premium-rate number',
	shared_cost: 'a shared-cost number',
	satellite: 'a satellite or international network number',
	special: 'a special-service number',
	short: 'a short number'
};

/** A sort of number that is never called: it pays whoever answers, or costs what no price list says. */
export function numberNotAllowed(kind: RefusedKind): Block {
	return {
		code: 'number_not_allowed',
		title: 'This number is never called',
		message: `The call was not placed. This is ${KIND_WORDS[kind]}; such numbers are never called from here.`,
		wayOut: "Ask for the person's ordinary phone number.",
		numbers: {}
	};
}

/** The country is not among those the organisation may call. */
export function countryNotAllowed(organizationName: string, country: string): Block {
	const where = country === 'ZZ' ? 'numbers of no country' : `numbers in ${countryName(country)}`;
	return {
		code: 'country_not_allowed',
		title: 'This country cannot be called',
		message: `The call was not placed. ${organizationName} may not call ${where}.`,
		wayOut: 'Ask your administrator to allow the country.',
		numbers: {}
	};
}

function countryName(country: string): string {
	return new Intl.DisplayNames('en', { type: 'region', fallback: 'code' }).of(country) ?? country;
}

/** A minute costs more than the organisation may pay for one. */
export function priceTooHigh(perMinuteMicros: bigint, ceilingMicros: bigint): Block {
	return {
		code: 'price_too_high',
		title: 'Too expensive to call',
		message: `The call was not placed. A minute to this number costs $${formatMicros(perMinuteMicros)}; the most that may be paid is $${formatMicros(ceilingMicros)}.`,
		wayOut: 'Ask your administrator to raise the price limit.',
		numbers: { perMinuteDollars: Number(formatMicros(perMinuteMicros, 6)) }
	};
}

/** A new organisation calls faster than it may yet. */
export function callingTooFast(
	organizationName: string,
	limit: { liveCallsMax: number } | { callsPerMinute: number; waitSeconds: number }
): Block {
	const isOfLive = 'liveCallsMax' in limit;
	return {
		code: 'calling_too_fast',
		title: 'Too many calls at once',
		message: isOfLive
			? `The call was not placed. ${organizationName} is new and may have ${limit.liveCallsMax} calls at a time.`
			: `The call was not placed. ${organizationName} is new and may place ${limit.callsPerMinute} calls a minute.`,
		wayOut: isOfLive
			? 'Wait until a call ends, or ask your administrator to lift the limit.'
			: `Try again in ${limit.waitSeconds} seconds, or ask your administrator to lift the limit.`,
		numbers: { ...limit }
	};
}

/** What was called looked like fraud: nothing is dialled until somebody has looked. */
export function callingPaused(organizationName: string): Block {
	return {
		code: 'calling_paused',
		title: 'Calling is paused',
		message: `The call was not placed. Calling is paused for ${organizationName}: its calls looked like fraud.`,
		wayOut: 'Ask your administrator to look at the calls and release them.',
		numbers: {}
	};
}
