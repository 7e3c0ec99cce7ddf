import type { Block } from '../credit/blocks';
import type { CallEvent, Provider } from '../call/event';
import type { Call } from '../call/call';
import type { Rate } from '../credit/types';
import type { JsonObject } from '../json';

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
	body: JsonObject;
	event: CallEvent;
	/** Why it cannot be applied yet, in a sentence: it is kept, and the provider is asked what is true. */
	heldBack?: string;
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
	| SetActive;

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
}

export type ResultOf<C extends Command> = Results[C['kind']];
export type Result = Results[Command['kind']];
