/**
 * Credit as it runs out while a call is talked, second by second. A picture for people between two words
 * of the truth: what is charged is decided when the call settles, by increments (`settlement.ts`).
 */
import type { BillingMode } from './types';

export interface CreditBefore {
	billingMode: BillingMode;
	/** Allocated minutes that are neither used nor held by other calls: this call may burn them. */
	minutes: number;
	/** What the wallet has when the call begins. */
	balanceMicros: bigint;
	ratePerMinuteMicros: bigint;
}

export interface RunningCredit {
	/** Seconds of talk that allocated minutes still pay for. */
	minuteSecondsLeft: number;
	balanceMicros: bigint;
	/** What this call has taken from the wallet so far. */
	spentMicros: bigint;
	/** Seconds of this call that minutes have paid. */
	minuteSecondsSpent: number;
}

const SECONDS_PER_MINUTE = 60;

interface CreditNow {
	/** Minutes nobody holds, and those that live calls hold. */
	spendableMinutes: number;
	heldMinutes: number;
	spendableMicros: bigint;
	heldMicros: bigint;
	liveCalls: number;
}

/**
 * What one live call can run on: what nobody holds, and what is held for it. Of minutes and dollars that
 * several calls hold, minutes are taken to be this one's first, as they are burnt first.
 * @param ownSeconds talk that is held for the call; null before it was answered: an even share is shown
 */
export function creditOfCall(
	now: CreditNow,
	ownSeconds: number | null,
	ratePerMinuteMicros: bigint
): Pick<CreditBefore, 'minutes' | 'balanceMicros'> {
	const calls = Math.max(1, now.liveCalls);
	const ownMinutes =
		ownSeconds === null
			? Math.floor(now.heldMinutes / calls)
			: Math.min(now.heldMinutes, ownSeconds / SECONDS_PER_MINUTE);
	const paidSeconds = (ownSeconds ?? 0) - ownMinutes * SECONDS_PER_MINUTE;
	const priced = (ratePerMinuteMicros * BigInt(Math.max(0, Math.round(paidSeconds)))) / 60n;
	const ownMicros =
		ownSeconds === null ? now.heldMicros / BigInt(calls) : least(priced, now.heldMicros);
	return {
		minutes: now.spendableMinutes + ownMinutes,
		balanceMicros: now.spendableMicros + ownMicros
	};
}

function least(one: bigint, other: bigint): bigint {
	return one < other ? one : other;
}

/**
 * What is left after so many seconds of talk: minutes first where the mode says so, then the wallet.
 * @param talkedSeconds of the call since it was answered; whole seconds make the picture calm
 */
export function runningCredit(before: CreditBefore, talkedSeconds: number): RunningCredit {
	const talked = Math.max(0, Math.floor(talkedSeconds));
	const usesMinutes = before.billingMode !== 'wallet';
	const minuteSeconds = usesMinutes ? Math.max(0, before.minutes) * SECONDS_PER_MINUTE : 0;
	const minuteSecondsSpent = Math.min(talked, minuteSeconds);
	const walletSeconds = before.billingMode === 'minutes' ? 0 : talked - minuteSecondsSpent;
	const spentMicros =
		(before.ratePerMinuteMicros * BigInt(walletSeconds)) / BigInt(SECONDS_PER_MINUTE);
	return {
		minuteSecondsLeft: minuteSeconds - minuteSecondsSpent,
		balanceMicros: before.balanceMicros - spentMicros,
		spentMicros,
		minuteSecondsSpent
	};
}
