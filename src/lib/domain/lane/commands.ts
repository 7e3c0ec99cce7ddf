import type { Block } from '../credit/blocks';
import type { CallEvent, Provider } from '../call/event';
import type { Call } from '../call/call';
import type { Rate } from '../credit/types';
import type { AutoRefill, ChargeFailure, RefillSettings } from '../payments/auto-refill';
import type { MoneyBackFact, PaidFact, Payment } from '../payments/payment';

/** Who caused a change. Written with it into the audit log. */
export type Actor =
	| { kind: 'user'; userId: string }
	| { kind: 'command_line' }
	| { kind: 'job' }
	| { kind: 'webhook' };

/** Check, hold and create one call. Idempotent by `callId` and, when given, by `idempotencyKey`. */
export interface PlaceCall {
	kind: 'place_call';
	callId: string;
	holdId: string;
	organizationId: number;
	user: { id: string; name: string } | null;
	contact: { id: string; name: string } | null;
	provider: Provider;
	from: string;
	to: string;
	country: string;
	/** Minutes the caller insists on; null: the organisation's estimate, or less when less is left. */
	estimateMinutes: number | null;
	rate: Rate;
	/** The agent agreed to call on the overdraft. */
	isOverdraftAgreed: boolean;
	/** Whether the provider lets us hang up: otherwise the whole call is held before it is dialled. */
	canBeCut: boolean;
	idempotencyKey: string | null;
}

/** The provider accepted our create request under this id. */
export interface BindProviderCall {
	kind: 'bind_provider_call';
	callId: string;
	provider: Provider;
	providerCallId: string;
}

/** The create request was refused, or nobody knows: the call fails, or waits for the sweeper. */
export interface CloseSubmit {
	kind: 'close_submit';
	callId: string;
	outcome: 'refused' | 'unknown';
	/** Kept as the call's end reason when refused. */
	endReason: string;
}

/** One verified webhook delivery. Claimed once by its dedupe key. */
export interface ApplyDelivery {
	kind: 'apply_delivery';
	deliveryId: string;
	dedupeKey: string;
	/** The body as received, secrets taken out. */
	body: Record<string, string>;
	event: CallEvent;
}

/** What the provider answered when the sweeper asked about a call. */
export interface ApplySweep {
	kind: 'apply_sweep';
	callId: string;
	finding:
		| { kind: 'event'; event: CallEvent }
		| { kind: 'never_existed' }
		| { kind: 'no_answer'; error: string };
}

/** Grant minutes. Idempotent by `allocationId`. Open debt is paid first. */
export interface Allocate {
	kind: 'allocate';
	allocationId: string;
	organizationId: number;
	minutes: number;
	reason: string;
	priority: number;
	expiresAtMs: number | null;
	actor: Actor;
}

/** Take back what is left of a grant, because it was revoked or has expired. Idempotent by nature. */
export interface WithdrawAllocation {
	kind: 'withdraw_allocation';
	organizationId: number;
	allocationId: string;
	cause: 'revoke' | 'expire';
	reason: string;
	actor: Actor;
}

/** Put money into a wallet or take it out. Idempotent by `transactionId`. Open debt is paid first. */
export interface MoveMoney {
	kind: 'move_money';
	transactionId: string;
	organizationId: number;
	type: 'credit' | 'debit' | 'refund';
	/** Always positive; a debit takes it out. */
	amountMicros: bigint;
	description: string;
	metadata: Record<string, string>;
	actor: Actor;
}

/** Minutes used outside Talktime, reported by an integration. Idempotent by `externalCallId`. */
export interface Consume {
	kind: 'consume';
	organizationId: number;
	externalCallId: string;
	minutes: number;
	callStartMs: number;
	callEndMs: number;
}

/** Looks at the slice of a live call: extends it, warns, or says that the call must be cut. */
export interface MeterCall {
	kind: 'meter_call';
	callId: string;
}

export type DeactivationPolicy = 'block_new' | 'drain' | 'cut_now';

/** Switch an organisation on or off. */
export interface SetActive {
	kind: 'set_active';
	organizationId: number;
	isActive: boolean;
	/** What becomes of live calls when switched off; null: as it was. */
	policy: DeactivationPolicy | null;
	actor: Actor;
}

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

export type Command =
	| PlaceCall
	| BindProviderCall
	| CloseSubmit
	| ApplyDelivery
	| ApplySweep
	| Allocate
	| WithdrawAllocation
	| MoveMoney
	| Consume
	| MeterCall
	| SetActive
	| OpenPayment
	| NotePayment
	| BookPayment
	| BookMoneyBack
	| StepRefill
	| FailCharge
	| ChangeRefill;

export type DeliveryState = 'applied' | 'ignored' | 'unmatched' | 'failed' | 'duplicate';

/** What each command answers. */
export interface Results {
	place_call:
		| { kind: 'placed'; call: Call; repeated: boolean }
		| { kind: 'blocked'; block: Block }
		| { kind: 'unknown_organization' };
	bind_provider_call: { kind: 'bound' | 'unknown_call' | 'already_bound' };
	close_submit: { kind: 'closed' | 'unknown_call' | 'call_went_on' };
	apply_delivery: { kind: DeliveryState; callId: string | null; note: string | null };
	apply_sweep: { kind: 'swept'; ended: boolean } | { kind: 'unknown_call' };
	allocate:
		| { kind: 'allocated'; repeated: boolean; paidDebtMinutes: number }
		| { kind: 'id_taken' }
		| { kind: 'unknown_organization' };
	withdraw_allocation: { kind: 'withdrawn'; minutes: number } | { kind: 'unknown_allocation' };
	move_money:
		| { kind: 'moved'; repeated: boolean }
		| { kind: 'id_taken' }
		| { kind: 'not_enough'; spendableMicros: bigint }
		| { kind: 'unknown_organization' };
	consume:
		| {
				kind: 'consumed';
				repeated: boolean;
				minutes: number;
				shortMinutes: number;
				remainingMinutes: number;
		  }
		| { kind: 'unknown_organization' };
	meter_call:
		| { kind: 'draining' | 'not_due' | 'unknown_call' }
		| { kind: 'extended'; raised: Call | null }
		| { kind: 'cut'; call: Call };
	set_active: { kind: 'switched' | 'unchanged' | 'unknown_organization' };
	open_payment:
		| { kind: 'opened'; payment: Payment; repeated: boolean }
		| { kind: 'id_taken' | 'unknown_organization' };
	note_payment: { kind: 'noted' | 'unchanged' | 'unknown_payment' };
	book_payment:
		| { kind: 'booked'; repeated: boolean }
		| { kind: 'mismatch'; reason: string }
		| { kind: 'unknown_payment' };
	book_money_back:
		| { kind: 'booked'; takenMicros: bigint; returnedMicros: bigint; frozen: boolean }
		| { kind: 'stale' | 'not_paid' | 'unknown_payment' };
	step_refill:
		| { kind: 'charge'; payment: Payment }
		| { kind: 'resolve'; paymentId: string }
		| { kind: 'rest' | 'unknown_organization' };
	fail_charge: { kind: 'failed'; refill: AutoRefill } | { kind: 'unknown_payment' };
	change_refill: { kind: 'changed'; refill: AutoRefill } | { kind: 'unknown_organization' };
}

export type ResultOf<C extends Command> = Results[C['kind']];
export type Result = Results[Command['kind']];
