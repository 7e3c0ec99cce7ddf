import type { CallStatus } from '../domain/call/status';
import type { JsonObject } from '../domain/json';

/** What became of a delivery, and of the call it belongs to. */
export interface DeliveryOutcomeView {
	state: 'received' | 'waiting' | 'applied' | 'ignored' | 'unmatched' | 'failed';
	/** Why it was put off, ignored or failed, in a sentence. */
	note: string | null;
	attempts: number;
	callStatus: CallStatus | null;
	billedMinutes: number | null;
	/** What the wallet paid for the call, dollars. */
	cost: string | null;
}

/** One delivery of a provider, as it was received once or several times. */
export interface DeliveryView extends DeliveryOutcomeView {
	id: string;
	provider: 'twilio' | 'exotel' | 'bolna' | 'stripe';
	organizationId: number | null;
	callId: string | null;
	providerCallId: string | null;
	/** The provider's word, and ours for it; null when it is unknown, or was removed. */
	rawStatus: string | null;
	status: CallStatus | null;
	/** How often it came again. */
	repeats: number;
	nextAttemptAt: string | null;
	/** When its body was removed, because it was kept long enough. */
	bodyRemovedAt: string | null;
	/** Between what happened, as the provider dates it, and its arrival; null: it did not say. */
	lagMs: number | null;
	receivedAt: string;
}

export interface DeliveryDetailView extends DeliveryView {
	body: JsonObject;
	/** What it says in our words; null when it was removed, or is Stripe's. */
	event: JsonObject | null;
	/** What it did to its call, one line per status event. */
	effects: { status: string; effect: 'advanced' | 'filled' | 'none'; occurredAt: string }[];
}

/** A delivery applied again: what was so before, and what is so now. */
export interface ReplayView {
	deliveryId: string;
	before: DeliveryOutcomeView;
	after: DeliveryOutcomeView;
}

/** A provider's bill of a day (UTC) against our calls. Money in dollars. */
export interface BillCheckView {
	id: string;
	provider: 'twilio' | 'exotel' | 'bolna';
	day: string;
	/** `failed`: the provider gave no bill; the counts are those of the time before. */
	state: 'done' | 'failed';
	note: string | null;
	matches: number;
	providerOnly: number;
	oursOnly: number;
	mismatches: number;
	/** What the provider takes in dollars, what wallets paid, and minutes that allocations paid. */
	providerCost: string;
	charged: string;
	chargedMinutes: number;
	checkedAt: string;
}

/** One call of a bill check. */
export interface BillFindingView {
	id: string;
	kind: 'match' | 'provider_only' | 'ours_only' | 'mismatch';
	note: string | null;
	providerCallId: string | null;
	organizationId: number | null;
	callId: string | null;
	to: string;
	startedAt: string | null;
	ourStatus: string | null;
	providerStatus: string | null;
	ourSeconds: number | null;
	providerSeconds: number | null;
	/** In `currency`, of all legs of the call. */
	providerCost: string | null;
	currency: string | null;
	charged: string | null;
	chargedMinutes: number | null;
	/** Charged minus cost; null where minutes paid a part, or the cost is not in dollars. */
	margin: string | null;
}

/** Two deliveries that ended one call differently. The first was charged; nothing is charged again. */
export interface EndConflictView {
	deliveryId: string;
	organizationId: number;
	organizationName: string;
	callId: string;
	provider: 'twilio' | 'exotel' | 'bolna';
	state: 'open' | 'confirmed' | 'contradicted' | 'unanswered';
	ourStatus: string;
	ourSeconds: number;
	saidStatus: string;
	saidSeconds: number | null;
	/** What the provider answered when it was asked. */
	providerStatus: string | null;
	providerSeconds: number | null;
	billedMinutes: number;
	/** Minutes the provider's answer would bill; null until it answered. */
	minutesByProvider: number | null;
	/** Dollars the wallet paid for it. */
	charged: string;
	ratePerMinute: string;
	createdAt: string;
	resolvedAt: string | null;
}

/** How a provider is, as this process sees it, and what the last hour left in the books. */
export interface ProviderHealthView {
	provider: 'twilio' | 'exotel' | 'bolna';
	/** `open`: no calls go through it. `half_open`: one is trying. */
	state: 'closed' | 'open' | 'half_open';
	/** Why no call may go through it now, in a sentence. */
	refusal: string | null;
	/** Share of the last minute's requests that were not answered, 0 to 1. */
	errorRate: number;
	failuresInARow: number;
	lastSuccessAt: string | null;
	lastFailureAt: string | null;
	nextTryAt: string | null;
	lastHour: {
		placed: number;
		refused: number;
		/** Creates without a clear answer. */
		unclear: number;
		failedDeliveries: number;
		lastDeliveryAt: string | null;
	};
}

/** A number calls are made from. */
export interface CallerIdView {
	id: string;
	/** Null: every organisation may call from it. */
	organizationId: number | null;
	organizationName: string | null;
	provider: 'twilio' | 'exotel' | 'bolna';
	number: string;
	country: string;
}
