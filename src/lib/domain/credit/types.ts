export type BillingMode = 'minutes' | 'wallet' | 'minutes_then_wallet';

/** One grant of minutes, as far as it can still pay. */
export interface Lot {
	id: string;
	remainingMinutes: number;
	/** Of the remaining, set aside for live calls. */
	heldMinutes: number;
	/** Lower burns first. */
	priority: number;
	expiresAtMs: number | null;
	createdAtMs: number;
}

/** Minutes one allocation lends to a hold, or pays for a call. */
export interface HoldPart {
	allocationId: string;
	minutes: number;
}

/** What a minute of talk costs from the wallet. */
export interface Rate {
	/** Longest number prefix it was found by, digits only; empty for the default. */
	prefix: string;
	perMinuteMicros: bigint;
	/** Seconds charged at least. */
	initialSeconds: number;
	/** After those, seconds are charged in steps of this many. */
	incrementSeconds: number;
}

/** What kept a call from more credit: none was left, a budget was used up, or calling was switched off. */
export type DrainCause = 'credit' | 'budget' | 'switched_off';

/** Credit set aside for one live call. */
export interface Hold {
	id: string;
	organizationId: number;
	callId: string;
	state: 'open' | 'settled' | 'released';
	/** Minutes lent by allocations, in burn order. */
	parts: HoldPart[];
	/** Dollars set aside, and how long they last. */
	walletMicros: bigint;
	walletSeconds: number;
	/** Agreed debt this call may run into, in whole minutes and in dollars, and how long both last. */
	overdraftMinutes: number;
	overdraftMicros: bigint;
	overdraftSeconds: number;
	/** The agent agreed to go into debt. */
	isOverdraftAgreed: boolean;
	/** No more credit could be found: the call ends when its slice does. */
	isDraining: boolean;
	/** Why, once it drains; kept when the call has ended. */
	drainCause: DrainCause | null;
	expiresAtMs: number;
	/** When the provider last confirmed the call, by an event or when asked. */
	heardAtMs: number;
	/** Since when the provider says, whenever it is asked, that it has no such call; null: it does not. */
	deniedSinceMs: number | null;
	/** When the sweeper next asks the provider about the call. */
	checkAtMs: number;
	/** When the meter next looks at the slice; null until the call is answered. */
	meterAtMs: number | null;
	createdAtMs: number;
	closedAtMs: number | null;
}

/** Whole minutes of talk the hold pays for. */
export function coveredMinutes(hold: Parameters<typeof coveredSeconds>[0]): number {
	return coveredSeconds(hold) / 60;
}

/** Seconds of talk the hold pays for. */
export function coveredSeconds(
	hold: Pick<Hold, 'parts' | 'walletSeconds' | 'overdraftSeconds'>
): number {
	const minutes = hold.parts.reduce((sum, part) => sum + part.minutes, 0);
	return minutes * 60 + hold.walletSeconds + hold.overdraftSeconds;
}

/**
 * What no credit was there for: whole minutes of a call, or dollars where the wallet is the last resort,
 * or dollars of a payment that went back after they were spent.
 */
export interface Debt {
	id: string;
	organizationId: number;
	/** The call that caused it; null: a payment did. */
	callId: string | null;
	/** The payment that went back; null: a call caused it. */
	paymentId: string | null;
	minutes: number;
	remainingMinutes: number;
	amountMicros: bigint;
	remainingMicros: bigint;
	/** Minutes of talk that the dollars are owed for; 0: a payment caused it, and no minutes can pay it. */
	worthMinutes: number;
	/** What one of the minutes costs in dollars: the rate of its call; 0: dollars cannot pay it. */
	perMinuteMicros: bigint;
	/** Minutes that paid dollars, less minutes that dollars paid; and those dollars. */
	convertedMinutes: number;
	convertedMicros: bigint;
	callStartMs: number;
	callEndMs: number;
	createdAtMs: number;
}

/** The credit of one organisation, as the lane sees it under lock. */
export interface Credit {
	totalMinutes: number;
	usedMinutes: number;
	heldMinutes: number;
	debtMinutes: number;
	lots: Lot[];
	balanceMicros: bigint;
	heldMicros: bigint;
	debtMicros: bigint;
	/** Overdraft promised to live calls. */
	overdraftHeldMinutes: number;
	overdraftHeldMicros: bigint;
	/** How far an organisation may go into debt. */
	overdraftLimitMinutes: number;
	overdraftLimitMicros: bigint;
	mode: BillingMode;
}
