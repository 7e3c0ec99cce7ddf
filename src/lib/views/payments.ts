import type { AutoRefillState, PauseReason } from '../domain/payments/auto-refill';
import type { PaymentKind, PaymentState } from '../domain/payments/payment';
import type { CreditsView, Page } from './index';

/** How a wallet refills itself, and what keeps it from doing so. */
export interface AutoRefillView {
	isEnabled: boolean;
	/** Dollars of one step. */
	amount: string;
	threshold: string;
	/** Most in a calendar month; null: no cap. */
	monthlyCap: string | null;
	/** Charged in `month`. */
	monthSpent: string;
	/** The last month with a charge, in the organisation's zone, `2026-11`; empty before the first. */
	month: string;
	state: AutoRefillState;
	/** Why it is paused; null unless it is. */
	pauseReason: PauseReason | null;
	/** Declines in a row. */
	declines: number;
	/** When a declined charge is tried again. */
	nextAttemptAt: string | null;
	lastRefillAt: string | null;
}

/** A wallet as its page shows it. */
export interface WalletView {
	credits: CreditsView;
	/** The saved card that auto-refill charges; null: none is saved. */
	card: CardView | null;
	/** The current month in the organisation's zone, `2026-11`: the one the cap counts. */
	month: string;
	/** Whether anything can be paid here at all. */
	isPayable: boolean;
	/** Whether this person may pay and change settings. */
	canPay: boolean;
}

export interface CardView {
	brand: string;
	last4: string;
	expMonth: number;
	expYear: number;
}

export type TransactionType = 'call' | 'topup' | 'refund';

/** One movement of the wallet. */
export interface TransactionView {
	id: string;
	type: TransactionType;
	/** Dollars, negative when they left the wallet. */
	amount: string;
	description: string;
	balanceBefore: string;
	balanceAfter: string;
	callId: string | null;
	/** The payment it came of or went back to. */
	paymentId: string | null;
	createdAt: string;
}

export interface TransactionsView extends Page<TransactionView> {
	/** Dollars of all time by type: spent on calls, added, and taken back (less what was returned). */
	breakdown: Record<TransactionType, string>;
}

/** One order for money. */
export interface PaymentView {
	id: string;
	organizationId: number;
	kind: PaymentKind;
	amount: string;
	state: PaymentState;
	refundedAmount: string;
	disputedAmount: string;
	/** Why it failed, in the bank's words. */
	failureMessage: string | null;
	/** Stripe's own receipt. */
	receiptUrl: string | null;
	createdAt: string;
	succeededAt: string | null;
}

/** What became of a Checkout the payer comes back from. */
export type TopUpNotice = 'paid' | 'pending' | 'failed' | 'expired' | 'mismatch';

export interface FinishedTopUpView {
	paymentId: string;
	notice: TopUpNotice;
}
