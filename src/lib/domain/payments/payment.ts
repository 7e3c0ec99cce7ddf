/** One order of ours for money: who asked for how much, and what became of it. */
export type PaymentKind = 'checkout' | 'auto_refill';

/**
 * `unknown`: the outcome of the charge is not known yet. `mismatch`: what was paid is not what was ordered;
 * nothing was credited and a person has to look.
 */
export type PaymentState =
	'created' | 'pending' | 'succeeded' | 'failed' | 'expired' | 'unknown' | 'mismatch';

export interface Payment {
	/** Made by whoever asked; the idempotency keys at Stripe are built from it. */
	id: string;
	organizationId: number;
	kind: PaymentKind;
	amountMicros: bigint;
	/** Whether it was ordered with a live key. */
	isLive: boolean;
	state: PaymentState;
	customerId: string;
	/** The saved card of an off-session charge: a repeat must name the same one. */
	paymentMethodId: string | null;
	checkoutSessionId: string | null;
	checkoutUrl: string | null;
	paymentIntentId: string | null;
	failureCode: string | null;
	failureMessage: string | null;
	/** Of the amount, given back so far, as booked. */
	refundedMicros: bigint;
	/** Of the amount, withdrawn by disputes and not reinstated, as booked. */
	disputedMicros: bigint;
	receiptUrl: string | null;
	createdBy: string | null;
	createdAtMs: number;
	succeededAtMs: number | null;
	/** When Stripe is to be asked about it anew; null: nothing is to be learned. */
	refreshAtMs: number | null;
	/** Rises with every change: an answer of Stripe's that was asked for before the last one is stale. */
	version: number;
}

/** A payment that Stripe says has succeeded, from whichever of its objects tells it. */
export interface PaidFact {
	paymentIntentId: string;
	amountMicros: bigint;
	/** ISO code in lower case. */
	currency: string;
	isLive: boolean;
	customerId: string | null;
}

/**
 * Why a fact is not what was ordered (PROVIDERS.md 4.3, "Check before crediting").
 * @returns a sentence, or null when amount, currency, mode and customer are those of the order
 */
export function findMismatch(payment: Payment, fact: PaidFact): string | null {
	if (fact.currency !== 'usd') return `Paid in ${fact.currency}, ordered in usd.`;
	if (fact.amountMicros !== payment.amountMicros) {
		return `Paid ${fact.amountMicros} micro-dollars, ordered ${payment.amountMicros}.`;
	}
	if (fact.isLive !== payment.isLive) {
		return fact.isLive ? 'Paid live, ordered in test mode.' : 'Paid in test mode, ordered live.';
	}
	if (fact.customerId !== payment.customerId) {
		return `Paid by customer ${fact.customerId ?? 'none'}, ordered by ${payment.customerId}.`;
	}
	if (payment.state === 'succeeded' && payment.paymentIntentId !== fact.paymentIntentId) {
		return `Paid a second time by ${fact.paymentIntentId}.`;
	}
	return null;
}

/** What Stripe says now of money that went back: both totals are absolute, never steps. */
export interface MoneyBackFact {
	refundedMicros: bigint;
	disputedMicros: bigint;
	receiptUrl: string | null;
	/** A dispute is open that takes funds. */
	isDisputeOpen: boolean;
}
