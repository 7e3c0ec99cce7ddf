/** The commands about payments and auto-refill: part of {@link Command}. */
import type { ChargeFailure, RefillSettings } from '../payments/auto-refill';
import type { MoneyBackFact, PaidFact } from '../payments/payment';
import type { Actor } from './actor';

/** Order money by Checkout. Idempotent by `paymentId`. */
export interface OpenPayment {
	kind: 'open_payment';
	paymentId: string;
	organizationId: number;
	amountMicros: bigint;
	isLive: boolean;
	customerId: string;
	userId: string | null;
}

/** Something is known of a payment that moves no money. One that has succeeded stays succeeded. */
export interface NotePayment {
	kind: 'note_payment';
	paymentId: string;
	organizationId: number;
	note: {
		state?: 'pending' | 'failed' | 'expired';
		checkout?: { sessionId: string; url: string | null };
		paymentIntentId?: string;
		failure?: { code: string; message: string };
		/** When Stripe is to be asked about it anew: money may have gone back. */
		refreshAtMs?: number;
	};
}

/** Stripe says that a payment has succeeded: credit it, once. */
export interface BookPayment {
	kind: 'book_payment';
	paymentId: string;
	organizationId: number;
	/** Made from the payment intent: whoever tells the same fact names the same transaction. */
	transactionId: string;
	fact: PaidFact;
}

/** What Stripe says now of a payment: book what went back or came back since the last time. */
export interface BookMoneyBack {
	kind: 'book_money_back';
	paymentId: string;
	organizationId: number;
	/** Version of the payment before Stripe was asked. */
	askedAtVersion: number;
	fact: MoneyBackFact;
	/** Unused ids, for rows that may come of it. */
	newIds: { refund: string; dispute: string };
	actor: Actor;
}

/** Does what is due of an organisation's auto-refill. */
export interface StepRefill {
	kind: 'step_refill';
	organizationId: number;
	/** The id of the next attempt, should it be time for one. */
	paymentId: string;
	isLive: boolean;
	/** Who and what is charged; null: no card is saved. */
	card: { customerId: string; paymentMethodId: string } | null;
}

/** A charge of auto-refill did not come through, or nobody knows. */
export interface FailCharge {
	kind: 'fail_charge';
	organizationId: number;
	paymentId: string;
	paymentIntentId: string | null;
	failure: ChargeFailure;
	message: string;
}

/** A person changes auto-refill, or lets it go on. */
export interface ChangeRefill {
	kind: 'change_refill';
	organizationId: number;
	change: ({ kind: 'settings' } & RefillSettings) | { kind: 'resume' };
	actor: Actor;
}
