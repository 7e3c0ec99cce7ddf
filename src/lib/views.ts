/**
 * What a browser may see: the shapes that cross from server to page, by load functions, tRPC and the
 * live feed alike. Times are ISO strings in UTC; money is a decimal string in dollars; minutes are whole.
 */
import type { CallStatus } from './domain/call/status';
import type { BlockCode } from './domain/credit/blocks';
import type { BillingMode } from './domain/credit/types';
import type { AutoRefillState, PauseReason } from './domain/payments/auto-refill';
import type { PaymentKind, PaymentState } from './domain/payments/payment';
import type { Role } from './domain/permissions';

export interface UserView {
	id: string;
	name: string;
	email: string;
	role: Role;
	organizationId: number | null;
	organizationName: string | null;
}

/** The credit of one organisation. `version` rises with every change. */
export interface MinutesView {
	organizationId: number;
	organizationName: string;
	isActive: boolean;
	totalMinutes: number;
	usedMinutes: number;
	heldMinutes: number;
	/** What is neither used nor held: spendable now. */
	remainingMinutes: number;
	debtMinutes: number;
	liveCalls: number;
	version: number;
}

export interface CallView {
	id: string;
	organizationId: number;
	organizationName: string;
	contactId: string | null;
	contactName: string | null;
	userId: string | null;
	userName: string | null;
	provider: 'twilio' | 'exotel' | 'bolna';
	providerCallId: string | null;
	to: string;
	status: CallStatus;
	endReason: string | null;
	initiatedAt: string;
	ringingAt: string | null;
	answeredAt: string | null;
	endedAt: string | null;
	durationSeconds: number | null;
	billedMinutes: number | null;
	/** What the wallet had to pay for it, dollars; null until it ended. */
	cost: string | null;
	/** When the credit held for a talking call is used up. */
	coveredUntil: string | null;
	/** No more credit could be found: the call ends at `coveredUntil`. */
	isDraining: boolean;
	/** Rises with every change: of two views of one call the higher is the newer. */
	version: number;
}

export interface LeadView {
	contactId: string;
	name: string;
	company: string | null;
	email: string | null;
	phone: string;
	/** IANA zone of the lead, when known. */
	timezone: string | null;
	doNotCall: boolean;
	lastCalledAt: string | null;
	/** The newest call to this lead, live or ended. */
	lastCall: CallView | null;
}

export interface LeadListView {
	id: string;
	name: string;
	leads: number;
}

/** The wallet of one organisation. `version` rises with every change. */
export interface CreditsView {
	organizationId: number;
	billingMode: BillingMode;
	balance: string;
	heldAmount: string;
	/** Balance that no live call holds. */
	spendable: string;
	debtAmount: string;
	status: 'LOW' | 'OK' | 'GOOD';
	/** Minutes the spendable balance pays for at the default rate. */
	estimatedMinutes: number;
	autoRefill: AutoRefillView;
	version: number;
}

/** How a wallet refills itself, and what keeps it from doing so. */
export interface AutoRefillView {
	isEnabled: boolean;
	/** Dollars of one step. */
	amount: string;
	threshold: string;
	/** Most in a calendar month; null: no cap. */
	monthlyCap: string | null;
	spentThisMonth: string;
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

/** Today's totals in the organisation's zone. */
export interface MetricsView {
	organizationId: number;
	/** Local day, `2026-11-21`. */
	day: string;
	timezone: string;
	liveCalls: number;
	total: number;
	completed: number;
	failed: number;
	cancelled: number;
	talkSeconds: number;
	billedMinutes: number;
	version: number;
}

export interface SalesContactView {
	email: string;
	phone: string;
}

/** A refusal to dial. `message` says what did not happen and why; `wayOut` what to do. */
export interface BlockView {
	code: BlockCode;
	title: string;
	message: string;
	wayOut: string;
	numbers: Record<string, number>;
	salesContact: SalesContactView;
}

export type PlaceCallView = { placed: true; call: CallView } | { placed: false; block: BlockView };

export interface AllocationHistoryView {
	id: number;
	allocationId: string | null;
	/** What a revocation would take back now. */
	revocableMinutes: number;
	organizationId: number;
	organizationName: string;
	kind: 'allocate' | 'set' | 'revoke' | 'expire' | 'adjust';
	minutes: number;
	reason: string;
	expiresAt: string | null;
	allocatedBy: string | null;
	allocatedAt: string;
}

export interface Page<Row> {
	rows: Row[];
	nextCursor: string | null;
}

/** A call's timeline: one line per status event heard. */
export interface CallEventView {
	id: number;
	source: 'placed' | 'provider' | 'sweep';
	status: string;
	rawStatus: string;
	effect: 'advanced' | 'filled' | 'none';
	occurredAt: string;
	receivedAt: string;
}

/** One line of a receipt: which allocation paid how many minutes. */
export interface ReceiptLineView {
	paidBy: 'allocation' | 'wallet' | 'debt';
	allocationId: string | null;
	reason: string | null;
	/** Whole minutes; null on a line of dollars. */
	minutes: number | null;
	/** Dollars; null on a line of minutes. */
	amount: string | null;
	/** Seconds of talk the line pays for. */
	seconds: number | null;
	ratePerMinute: string | null;
}

export interface CallDetailView {
	call: CallView;
	events: CallEventView[];
	receipt: ReceiptLineView[];
}

/** Everything the live feed can say. */
export interface LivePayloads {
	'call:created': CallView;
	'call:updated': CallView;
	'minutes:updated': MinutesView;
	'credits:updated': CreditsView;
	'metrics:updated': MetricsView;
}

export type LiveEventName = keyof LivePayloads;

export type LiveEvent = {
	[Name in LiveEventName]: {
		organizationId: number;
		seq: number;
		name: Name;
		payload: LivePayloads[Name];
	};
}[LiveEventName];

/** An item of the feed: an event, or the word that too much was missed and the page must reload. */
export type FeedItem = LiveEvent | { name: 'resync' };

/** Somebody without minutes asked sales for more. */
export interface SalesRequestView {
	id: number;
	organizationId: number;
	organizationName: string;
	userName: string | null;
	message: string | null;
	createdAt: string;
}
