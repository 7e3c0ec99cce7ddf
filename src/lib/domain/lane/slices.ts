/**
 * How long a slice is, and how near its end something must happen (RFC 8506: report and ask again well
 * before the granted units are used up).
 */
import { affordableMinutes, planFunding } from '../credit/funding';
import { coveredSeconds, type Credit, type Hold, type Rate } from '../credit/types';
import type { Call } from '../call/call';
import type { Organization } from './state';

/** Longest call we ask a provider for: four hours, the default ceiling of Twilio and Exotel. */
export const TIME_LIMIT_SECONDS_MAX = 14_400;

/** A slice is extended this long before it ends. */
export const EXTEND_LEAD_SECONDS = 20;
/** A hang-up takes about this long to reach the line. */
export const CUT_LEAD_MS = 700;
/** While a call drains, credit that arrives in time still saves it: looked for this often. */
export const DRAIN_LOOK_MS = 1_000;

/**
 * Minutes a slice of this organisation has. Fairness: when what is left would not give every live call
 * and this one a whole slice, it shrinks to a minute, so that one long call cannot starve the rest.
 */
export function sliceMinutes(organization: Organization, rate: Rate, nowMs: number): number {
	const wanted = organization.estimateMinutes;
	const forEveryone = wanted * (organization.liveCalls + 1);
	const left = affordableMinutes(organization.credit, rate, nowMs, forEveryone);
	return left < forEveryone ? Math.min(1, wanted) : wanted;
}

/**
 * The network's own fence: after how many seconds the provider ends a call by itself. What is held, and
 * one minute more where that could be paid, so that raising it late does not end a call that has credit.
 * Should a provider ignore our hang-up, a call overruns by that minute and no more.
 * @param credit as it is once the hold is set aside
 * @param budgetMinutes what budgets leave the call beyond its hold
 */
export function fenceSeconds(
	credit: Credit,
	rate: Rate,
	hold: Pick<
		Hold,
		'parts' | 'walletMicros' | 'walletSeconds' | 'overdraftSeconds' | 'isOverdraftAgreed'
	>,
	budgetMinutes: number,
	nowMs: number
): number {
	const { isOverdraftAgreed } = hold;
	const more = planFunding(credit, rate, budgetMinutes < 1 ? 0 : 1, nowMs, {
		isOverdraftAgreed,
		held: hold
	});
	return Math.min(coveredSeconds(hold) + more.coveredMinutes * 60, TIME_LIMIT_SECONDS_MAX);
}

/** When the credit held for a talking call is used up; null while it is not answered. */
export function coveredUntilMs(call: Call, hold: Hold): number | null {
	if (call.answeredAtMs === null) return null;
	return call.answeredAtMs + coveredSeconds(hold) * 1000;
}

/** When the meter looks at the slice next. */
export function meterAtMs(call: Call, hold: Hold, nowMs: number): number | null {
	const until = coveredUntilMs(call, hold);
	if (until === null) return null;
	if (!hold.isDraining) return Math.max(nowMs, until - EXTEND_LEAD_SECONDS * 1000);
	return Math.min(nowMs + DRAIN_LOOK_MS, Math.max(nowMs, until - CUT_LEAD_MS));
}
