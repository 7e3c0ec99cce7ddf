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
