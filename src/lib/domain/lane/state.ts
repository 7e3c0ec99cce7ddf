import type { Call } from '../call/call';
import type { CampaignStatus } from '../campaigns/campaign';
import type { CampaignProgress } from '../campaigns/told';
import type { DeactivationPolicy } from './commands';
import type { CallEvent, Provider } from '../call/event';
import type { Budget, BudgetUse } from '../credit/budgets';
import type { Guard } from '../fraud/guard';
import type { RecordingNews, TranscriptNews } from '../call/facts';
import type { Credit, Debt, Hold, Lot } from '../credit/types';
import type { AutoRefill } from '../payments/auto-refill';
import type { MailText } from '../payments/payment-mails';
import type { Payment } from '../payments/payment';

/** One organisation under lock. */
export interface Organization {
	id: number;
	name: string;
	timezone: string;
	isActive: boolean;
	estimateMinutes: number;
	deactivationPolicy: DeactivationPolicy;
	credit: Credit;
	autoRefill: AutoRefill;
	/** A dispute switches new calls off. */
	freezesOnDispute: boolean;
	guard: Guard;
	liveCalls: number;
	liveSeq: number;
}

/** Counters of one organisation, local day and country. */
export interface DayStats {
	organizationId: number;
	day: string;
	country: string;
	total: number;
	completed: number;
	failed: number;
	cancelled: number;
	talkSeconds: number;
	billedMinutes: number;
}

/** Minutes an integration reported, and how many nobody could pay. */
export interface Consumption {
	organizationId: number;
	externalCallId: string;
	minutes: number;
	shortMinutes: number;
}

/** A delivery that came before anyone knew whose call it was. */
export interface UnmatchedDelivery {
	id: string;
	event: CallEvent;
	receivedAtMs: number;
}

/** Everything a batch may read. Keys of the maps are made by the functions below. */
export interface LaneState {
	organizations: Map<number, Organization>;
	calls: Map<string, Call>;
	openHolds: Map<string, Hold>;
	openDebts: Map<number, Debt[]>;
	days: Map<string, DayStats>;
	callIdByProviderCall: Map<string, string>;
	callIdByIdempotencyKey: Map<string, string>;
	liveCallIdByNumber: Map<string, string>;
	unmatched: Map<string, UnmatchedDelivery[]>;
	/** Allocations among those the batch wants to create that exist already, and whose they are. */
	allocationOwners: Map<string, number>;
	/** Wallet transactions among those the batch wants to book that exist already. */
	transactionOwners: Map<string, number>;
	/** Minutes reported by integrations before, by organisation and their call id. */
	consumptions: Map<string, Consumption>;
	/** Budgets by organisation and subject. Without a limit one only counts: it is being set, or was removed. */
	budgets: Map<string, Budget[]>;
	/** What the periods in question have seen, by budget and first day. */
	budgetUses: Map<string, BudgetUse>;
	/** Orders for money that the batch names. */
	payments: Map<string, Payment>;
	/** Campaigns whose calls the batch places. */
	campaignStatuses: Map<string, CampaignStatus>;
}

export function providerCallKey(provider: Provider, providerCallId: string): string {
	return `${provider}:${providerCallId}`;
}

export function organizationKey(organizationId: number, text: string): string {
	return `${organizationId}:${text}`;
}

export function dayKey(organizationId: number, day: string, country: string): string {
	return `${organizationId}:${day}:${country}`;
}

export function budgetUseKey(budgetId: string, periodStart: string): string {
	return `${budgetId}:${periodStart}`;
}

/** Rows a decision appends. Append-only tables, one list each. */
export interface AppendedRows {
	usage: {
		organizationId: number;
		callId: string;
		allocationId: string;
		minutesConsumed: number;
		/** Told by an integration: the id is its own, whatever it looks like. */
		isExternal: boolean;
		settlesDebt: boolean;
		callStartMs: number;
		callEndMs: number;
	}[];
	history: {
		organizationId: number;
		allocationId: string | null;
		kind: 'allocate' | 'set' | 'revoke' | 'expire' | 'adjust';
		minutes: number;
		reason: string;
		expiresAtMs: number | null;
		allocatedBy: string | null;
		allocatedAtMs: number;
	}[];
	statusEvents: {
		organizationId: number;
		callId: string;
		deliveryId: string | null;
		source: 'placed' | 'provider' | 'sweep';
		status: string;
		rawStatus: string;
		effect: 'advanced' | 'filled' | 'none';
		occurredAtMs: number;
		receivedAtMs: number;
	}[];
	blocks: {
		organizationId: number;
		userId: string | null;
		to: string;
		code: string;
		message: string;
		wayOut: string;
		numbers: Record<string, number>;
		createdAtMs: number;
	}[];
	audit: {
		/** Null: it was about no organisation, or none is known. */
		organizationId: number | null;
		actorKind: string;
		actorUserId: string | null;
		action: string;
		before: object;
		after: object;
		/** Where it came from, when it came with a request. */
		address?: string | null;
		requestId?: string;
		createdAtMs: number;
	}[];
	transactions: {
		/** Null: any new one; the row is found by its call and its payment. */
		id: string | null;
		organizationId: number;
		amountMicros: bigint;
		type: 'credit' | 'debit' | 'refund';
		description: string;
		balanceBeforeMicros: bigint;
		balanceAfterMicros: bigint;
		callId: string | null;
		metadata: Record<string, string>;
		/** Of a payment: at most one credit has it. */
		stripePaymentIntentId?: string;
		createdAtMs: number;
	}[];
	/** To every manager of the organisation, or to every super admin; equal keys are one mail. */
	mails: (MailText & {
		organizationId: number;
		to: 'managers' | 'super_admins';
		key: string;
		createdAtMs: number;
	})[];
	deliveries: {
		id: string;
		state: 'received' | 'applied' | 'ignored' | 'unmatched' | 'failed';
		note: string | null;
		organizationId: number | null;
		callId: string | null;
		/** Tries so far, and when the worker makes the next one. */
		attempts: number;
		nextAttemptAtMs: number | null;
	}[];
	recordings: RecordingNews[];
	transcripts: TranscriptNews[];
	/** Two ends of one call that differ: the provider has to be asked which is true. */
	endConflicts: {
		deliveryId: string;
		organizationId: number;
		callId: string;
		ourStatus: string;
		ourSeconds: number;
		saidStatus: string;
		saidSeconds: number | null;
		createdAtMs: number;
	}[];
}

/** A lot that a decision creates, with what only its row knows. */
export interface NewAllocation {
	lot: Lot;
	organizationId: number;
	minutes: number;
	reason: string;
	allocatedBy: string | null;
}

/** A budget as it is from now on, with what only its row knows. */
export interface BudgetChange {
	budget: Budget;
	changedBy: string | null;
	changedAtMs: number;
}

/** What one decision changes. The batch merges it, and writes the sum of all of them. */
export interface Changes {
	organizations?: Organization[];
	calls?: Call[];
	newCalls?: Call[];
	holds?: Hold[];
	debts?: Debt[];
	days?: DayStats[];
	newAllocations?: NewAllocation[];
	consumptions?: Consumption[];
	budgets?: BudgetChange[];
	budgetUses?: BudgetUse[];
	payments?: Payment[];
	toldCampaigns?: CampaignProgress[];
	rows?: Partial<AppendedRows>;
}

/** Merges a decision into the state later commands of the batch will see. */
export function applyChanges(state: LaneState, changes: Changes): void {
	for (const organization of changes.organizations ?? []) {
		state.organizations.set(organization.id, organization);
	}
	for (const call of [...(changes.newCalls ?? []), ...(changes.calls ?? [])]) {
		rememberCall(state, call);
	}
	for (const hold of changes.holds ?? []) {
		if (hold.state === 'open') state.openHolds.set(hold.callId, hold);
		else state.openHolds.delete(hold.callId);
	}
	for (const debt of changes.debts ?? []) {
		const others = (state.openDebts.get(debt.organizationId) ?? []).filter(
			(open) => open.id !== debt.id
		);
		const isOpen = debt.remainingMinutes > 0 || debt.remainingMicros > 0n;
		state.openDebts.set(debt.organizationId, isOpen ? [...others, debt] : others);
	}
	for (const day of changes.days ?? []) {
		state.days.set(dayKey(day.organizationId, day.day, day.country), day);
	}
	for (const { lot, organizationId } of changes.newAllocations ?? []) {
		state.allocationOwners.set(lot.id, organizationId);
	}
	for (const consumption of changes.consumptions ?? []) {
		const { organizationId, externalCallId } = consumption;
		state.consumptions.set(organizationKey(organizationId, externalCallId), consumption);
	}
	for (const { budget } of changes.budgets ?? []) rememberBudget(state, budget);
	for (const use of changes.budgetUses ?? []) {
		state.budgetUses.set(budgetUseKey(use.budgetId, use.periodStart), use);
	}
	for (const payment of changes.payments ?? []) state.payments.set(payment.id, payment);
	for (const { id, organizationId } of changes.rows?.transactions ?? []) {
		if (id !== null) state.transactionOwners.set(id, organizationId);
	}
	forgetClaimed(state, changes.rows?.deliveries ?? []);
}

/** A delivery that found its call waits no longer. */
function forgetClaimed(state: LaneState, deliveries: AppendedRows['deliveries']): void {
	const claimed = new Set(deliveries.filter((row) => row.callId !== null).map((row) => row.id));
	if (claimed.size === 0) return;
	for (const [key, waiting] of state.unmatched) {
		state.unmatched.set(
			key,
			waiting.filter((delivery) => !claimed.has(delivery.id))
		);
	}
}

/** The state after a decision, as a copy: for decisions made of several steps. */
export function withChanges(state: LaneState, changes: Changes): LaneState {
	const next: LaneState = {
		organizations: new Map(state.organizations),
		calls: new Map(state.calls),
		openHolds: new Map(state.openHolds),
		openDebts: new Map(state.openDebts),
		days: new Map(state.days),
		callIdByProviderCall: new Map(state.callIdByProviderCall),
		callIdByIdempotencyKey: new Map(state.callIdByIdempotencyKey),
		liveCallIdByNumber: new Map(state.liveCallIdByNumber),
		unmatched: new Map(state.unmatched),
		allocationOwners: new Map(state.allocationOwners),
		transactionOwners: new Map(state.transactionOwners),
		consumptions: new Map(state.consumptions),
		budgets: new Map(state.budgets),
		budgetUses: new Map(state.budgetUses),
		payments: new Map(state.payments),
		campaignStatuses: state.campaignStatuses
	};
	applyChanges(next, changes);
	return next;
}

/** Both decisions, one after the other: where they speak of the same row, the second is later. */
export function joinChanges(first: Changes, second: Changes): Changes {
	const joined: Changes = {
		organizations: [...(first.organizations ?? []), ...(second.organizations ?? [])],
		calls: [...(first.calls ?? []), ...(second.calls ?? [])],
		newCalls: [...(first.newCalls ?? []), ...(second.newCalls ?? [])],
		holds: [...(first.holds ?? []), ...(second.holds ?? [])],
		debts: [...(first.debts ?? []), ...(second.debts ?? [])],
		days: [...(first.days ?? []), ...(second.days ?? [])],
		newAllocations: [...(first.newAllocations ?? []), ...(second.newAllocations ?? [])],
		consumptions: [...(first.consumptions ?? []), ...(second.consumptions ?? [])],
		budgets: [...(first.budgets ?? []), ...(second.budgets ?? [])],
		budgetUses: [...(first.budgetUses ?? []), ...(second.budgetUses ?? [])],
		payments: [...(first.payments ?? []), ...(second.payments ?? [])],
		toldCampaigns: [...(first.toldCampaigns ?? []), ...(second.toldCampaigns ?? [])]
	};
	return { ...joined, rows: joinRows(first.rows ?? {}, second.rows ?? {}) };
}

export function joinRows(
	first: Partial<AppendedRows>,
	second: Partial<AppendedRows>
): AppendedRows {
	return {
		usage: [...(first.usage ?? []), ...(second.usage ?? [])],
		history: [...(first.history ?? []), ...(second.history ?? [])],
		statusEvents: [...(first.statusEvents ?? []), ...(second.statusEvents ?? [])],
		blocks: [...(first.blocks ?? []), ...(second.blocks ?? [])],
		audit: [...(first.audit ?? []), ...(second.audit ?? [])],
		transactions: [...(first.transactions ?? []), ...(second.transactions ?? [])],
		deliveries: [...(first.deliveries ?? []), ...(second.deliveries ?? [])],
		recordings: [...(first.recordings ?? []), ...(second.recordings ?? [])],
		transcripts: [...(first.transcripts ?? []), ...(second.transcripts ?? [])],
		endConflicts: [...(first.endConflicts ?? []), ...(second.endConflicts ?? [])],
		mails: [...(first.mails ?? []), ...(second.mails ?? [])]
	};
}

/** Enters a budget under its subject; one that was taken away caps nothing, but may be set again. */
export function rememberBudget(state: LaneState, budget: Budget): void {
	const key = organizationKey(budget.organizationId, budget.subjectId);
	const others = (state.budgets.get(key) ?? []).filter(({ id }) => id !== budget.id);
	const remembered = budget.isActive ? budget : { ...budget, limitMinutes: null };
	state.budgets.set(key, [...others, remembered]);
}

/** Enters a call and its look-up keys into the state. */
export function rememberCall(state: LaneState, call: Call): void {
	state.calls.set(call.id, call);
	if (call.providerCallId !== null) {
		state.callIdByProviderCall.set(providerCallKey(call.provider, call.providerCallId), call.id);
	}
	if (call.idempotencyKey !== null) {
		state.callIdByIdempotencyKey.set(
			organizationKey(call.organizationId, call.idempotencyKey),
			call.id
		);
	}
	const numberKey = organizationKey(call.organizationId, call.to);
	if (call.endedAtMs === null) state.liveCallIdByNumber.set(numberKey, call.id);
	else if (state.liveCallIdByNumber.get(numberKey) === call.id) {
		state.liveCallIdByNumber.delete(numberKey);
	}
}
