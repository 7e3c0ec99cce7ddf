import type { Block } from '../credit/blocks';
import type { BudgetPeriod, BudgetScope } from '../credit/budgets';
import type { JsonObject } from '../json';
import type { ReleaseGuard } from './guard';
import type { CallEvent, Provider } from '../call/event';
import type { Call, Device } from '../call/call';
import type { Rate } from '../credit/types';
import type { TellCampaign } from './campaigns';
import type { ConnectRefusal } from './connect-refusal';
import type { AutoRefill } from '../payments/auto-refill';
import type { Payment } from '../payments/payment';
import type { Actor } from './actor';
import type {
	BookMoneyBack,
	BookPayment,
	ChangeRefill,
	FailCharge,
	NotePayment,
	OpenPayment,
	StepRefill
} from './payment-commands';

export * from './actor';
export * from './payment-commands';

/** Check, hold and create one call. Idempotent by `callId` and, when given, by `idempotencyKey`. */
export interface PlaceCall {
	kind: 'place_call';
	callId: string;
	holdId: string;
	organizationId: number;
	user: { id: string; name: string } | null;
	contact: { id: string; name: string } | null;
	campaignId: string | null;
	provider: Provider;
	from: string;
	to: string;
	country: string;
	/** Minutes the caller insists on; null: the organisation's estimate, or less when less is left. */
	estimateMinutes: number | null;
	rate: Rate;
	/** The agent agreed to call on the overdraft. */
	isOverdraftAgreed: boolean;
	/** `browser`: nothing is dialled until the agent's browser has connected. */
	device: Device;
	/** Whether the provider lets us hang up: otherwise the whole call is held before it is dialled. */
	canBeCut: boolean;
	/** The provider ends any call after this long and takes no other limit: all of it is held, or nothing. */
	fixedSeconds?: number | null;
	idempotencyKey: string | null;
}

/** The provider accepted our create request under this id. */
export interface BindProviderCall {
	kind: 'bind_provider_call';
	callId: string;
	provider: Provider;
	providerCallId: string;
}

/** The agent's browser has connected: may the lead be dialled now? Idempotent by `parentCallId`. */
export interface ConnectBrowser {
	kind: 'connect_browser';
	callId: string;
	/** Who is at the browser, as the provider vouches for. */
	userId: string;
	/** Theirs; null for a super admin, who belongs to none. */
	organizationId: number | null;
	/** The browser's own leg. */
	parentCallId: string;
}

/** The create request was refused, given up, or nobody knows: the call ends, or waits for the sweeper. */
export interface CloseSubmit {
	kind: 'close_submit';
	callId: string;
	outcome: 'refused' | 'cancelled' | 'unknown';
	/** Kept as the call's end reason when it ends. */
	endReason: string;
}

/** One verified webhook delivery. Claimed once by its dedupe key. */
export interface ApplyDelivery {
	kind: 'apply_delivery';
	deliveryId: string;
	dedupeKey: string;
	/** The body as received, secrets taken out. */
	body: JsonObject;
	event: CallEvent;
	/** Why it cannot be applied yet, in a sentence: it is kept as received and tried again later. */
	heldBack?: string;
	/** It was stored before and is tried once more, by the worker or by a person. */
	again?: AnotherTurn;
}

export interface AnotherTurn {
	/** `retry`: only where it was not applied yet; `replay`: whatever became of it. */
	kind: 'retry' | 'replay';
	/** Tries there were before. */
	attempts: number;
	/** When it reached us first, milliseconds since 1970 UTC. */
	receivedAtMs: number;
	actor: Actor;
}

/** What a provider charges us for an ended call, or that it does not say so yet. */
export interface RecordCost {
	kind: 'record_cost';
	callId: string;
	cost: { amount: string; currency: string } | null;
}

/** Whose number a call went to, found out after it was placed. */
export interface LinkContact {
	kind: 'link_contact';
	callId: string;
	organizationId: number;
	contact: { id: string; name: string };
}

/** Another provider carries a call that the first one refused, before anything was placed. */
export interface ChangeProvider {
	kind: 'change_provider';
	callId: string;
	/** The provider that refused it. */
	from: { provider: Provider };
	/** With the seconds it lets every call last, where it has a limit of its own. */
	to: { provider: Provider; from: string; canBeCut: boolean; fixedSeconds: number | null };
}

/** What the provider answered when the sweeper asked about a call. */
export interface ApplySweep {
	kind: 'apply_sweep';
	callId: string;
	/** Who was asked, and for what; null: it was searched, because no id was known then. */
	asked: { provider: Provider; providerCallId: string | null };
	finding:
		| { kind: 'event'; event: CallEvent }
		| { kind: 'never_existed' }
		| { kind: 'never_dialled' }
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

/** Make what can be promised now a given figure: grants or takes back. Said again, it sets it again. */
export interface SetRemaining {
	kind: 'set_remaining';
	/** Of the grant, should minutes be missing. */
	allocationId: string;
	organizationId: number;
	remainingMinutes: number;
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
	/** False: its provider ends it by itself when what is held is used up, and nobody can before. */
	canBeCut?: boolean;
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

/** Cap what a person or a campaign may use in a day or a month. Idempotent by nature. */
export interface SetBudget {
	kind: 'set_budget';
	/** Taken when the subject has no budget for that period yet. */
	budgetId: string;
	organizationId: number;
	scope: BudgetScope;
	/** A person or campaign of this organisation. */
	subjectId: string;
	subjectName: string;
	period: BudgetPeriod;
	limitMinutes: number;
	actor: Actor;
}

/** Take a budget away. Idempotent by nature. */
export interface RemoveBudget {
	kind: 'remove_budget';
	organizationId: number;
	budgetId: string;
	actor: Actor;
}

export type Command =
	| PlaceCall
	| BindProviderCall
	| ConnectBrowser
	| CloseSubmit
	| ApplyDelivery
	| ApplySweep
	| RecordCost
	| ChangeProvider
	| LinkContact
	| Allocate
	| SetRemaining
	| WithdrawAllocation
	| MoveMoney
	| Consume
	| MeterCall
	| SetActive
	| SetBudget
	| RemoveBudget
	| OpenPayment
	| NotePayment
	| BookPayment
	| BookMoneyBack
	| StepRefill
	| FailCharge
	| ChangeRefill
	| ReleaseGuard
	| TellCampaign;

export type { ConnectRefusal };

export type DeliveryState =
	'received' | 'applied' | 'ignored' | 'unmatched' | 'failed' | 'duplicate';

/** What each command answers. */
export interface Results {
	place_call:
		| { kind: 'placed'; call: Call; repeated: boolean }
		| { kind: 'blocked'; block: Block }
		| { kind: 'halted' | 'unknown_organization' };
	/** `bound_late`: it had ended without a provider, so whoever placed it hangs up. */
	bind_provider_call: { kind: 'bound' | 'bound_late' | 'unknown_call' | 'already_bound' };
	connect_browser: { kind: 'connected'; call: Call } | { kind: 'refused'; reason: ConnectRefusal };
	close_submit: { kind: 'closed' | 'unknown_call' | 'call_went_on' };
	/** `mustEnd`: it lives although it was given up, so whoever hears of it hangs up. */
	apply_delivery: {
		kind: DeliveryState;
		callId: string | null;
		note: string | null;
		mustEnd?: Call;
	};
	apply_sweep: { kind: 'swept'; ended: boolean } | { kind: 'unknown_call' };
	record_cost: {
		kind: 'known' | 'asked_again_later' | 'given_up' | 'not_waited_for' | 'unknown_call';
	};
	link_contact: { kind: 'linked' | 'unknown_call' };
	change_provider:
		{ kind: 'changed'; call: Call } | { kind: 'not_covered' | 'call_went_on' | 'unknown_call' };
	allocate:
		| { kind: 'allocated'; repeated: boolean; paidDebtMinutes: number }
		| { kind: 'id_taken' }
		| { kind: 'unknown_organization' };
	set_remaining:
		| { kind: 'set'; grantedMinutes: number; takenMinutes: number }
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
	set_budget: { kind: 'set'; budgetId: string } | { kind: 'unknown_organization' };
	remove_budget: { kind: 'removed' | 'unknown_budget' };
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
	release_guard: { kind: 'released' | 'not_paused' | 'unknown_organization' };
	tell_campaign: { kind: 'told' | 'unknown_organization' };
	change_refill: { kind: 'changed'; refill: AutoRefill } | { kind: 'unknown_organization' };
}

export type ResultOf<C extends Command> = Results[C['kind']];
export type Result = Results[Command['kind']];
