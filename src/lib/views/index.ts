/**
 * What a browser may see: the shapes that cross from server to page, by load functions, tRPC and the
 * live feed alike. Times are ISO strings in UTC; money is a decimal string in dollars; minutes are whole.
 */
import type { CostState } from '../domain/call/call';
import type { AnsweredBy } from '../domain/call/event';
import type { CallStatus } from '../domain/call/status';
import type { StuckKind } from '../domain/call/stuck';
import type { Payer } from '../domain/credit/availability';
import type { BlockCode } from '../domain/credit/blocks';
import type { BudgetPeriod, BudgetScope } from '../domain/credit/budgets';
import type { BillingMode, DrainCause } from '../domain/credit/types';
import type { Role } from '../domain/permissions';

import type { AlertView } from './alerts';
import type { CallBackView, OutcomeView } from './outcomes';
import type { CampaignProgressView } from './campaigns';
import type { AutoRefillView } from './payments';

export * from './alerts';
export * from './allocations';
export * from './analytics';
export * from './guard';
export * from './console';
export * from './fleet';
export * from './grants';
export * from './dialer';
export * from './campaigns';
export * from './contact-imports';
export * from './contacts';
export * from './operations';
export * from './outcomes';
export * from './payments';
export * from './accounts';
export * from './reports';

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
	/** What the agent talks with. */
	device: 'phone' | 'browser';
	to: string;
	status: CallStatus;
	endReason: string | null;
	initiatedAt: string;
	ringingAt: string | null;
	answeredAt: string | null;
	endedAt: string | null;
	/** Who answered, where that is looked for. */
	answeredBy: AnsweredBy | null;
	durationSeconds: number | null;
	billedMinutes: number | null;
	/** What the wallet had to pay for it, dollars; null until it ended. */
	cost: string | null;
	/** When the credit held for a talking call is used up. */
	coveredUntil: string | null;
	/** No more credit could be found: the call ends at `coveredUntil`. */
	isDraining: boolean;
	/** What kept it from more credit. */
	drainCause: DrainCause | null;
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
	/** Every zone the lead may be in: the one that is known, or those of its number. */
	zones: string[];
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

/** What a call to a number would cost now, and who would pay it. */
export interface CallEstimateView {
	/** E.164. */
	to: string;
	/** ISO country, or `ZZ`. */
	country: string;
	/** Dollars. */
	ratePerMinute: string;
	/** Seconds charged at least; after them, steps of so many. */
	initialSeconds: number;
	incrementSeconds: number;
	/** Digits the rate was found by; empty for the default. */
	prefix: string;
	description: string;
	/** Minutes of talk that minutes and wallet pay for together. */
	affordableMinutes: number;
	/** What pays first; null when nothing would. */
	paidBy: Payer | null;
	balance: string;
	/** Why the number may not be called whatever is paid, in a few words; null when it may. */
	obstacle: { title: string; wayOut: string } | null;
}

export interface SalesContactView {
	email: string;
	phone: string;
}

/** What a person or a campaign may use, and what its running period has seen. */
export interface BudgetView {
	id: string;
	organizationId: number;
	scope: BudgetScope;
	subjectId: string;
	subjectName: string;
	period: BudgetPeriod;
	/** First day of the running period in the organisation's zone, `2026-11-01`. */
	periodStart: string;
	limitMinutes: number;
	usedMinutes: number;
	heldMinutes: number;
	/** Zero when it is used up or was overrun. */
	leftMinutes: number;
}

/** Somebody or something a budget can cap. */
export interface BudgetSubjectView {
	scope: BudgetScope;
	id: string;
	name: string;
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

/** What a browser registers with as a phone. */
export interface DeviceTokenView {
	/** Which phone it is for: Twilio's, or the sandbox's in a demo. */
	device: 'twilio' | 'sandbox';
	token: string;
	identity: string;
	lifetimeSeconds: number;
}

export interface Page<Row> {
	rows: Row[];
	nextCursor: string | null;
}

/** A page of calls. A page may be short although more follow: then so far everything was looked at. */
export interface CallsPageView extends Page<CallView> {
	/** ISO time down to which the filters were applied, when that is not the end. */
	searchedTo: string | null;
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
	/** Minutes of a later allocation, for what had been owed. */
	settlesDebt: boolean;
}

/** What was set aside for a call, at most, and what of it went back when it ended. */
export interface CallHoldView {
	heldMinutes: number;
	heldAmount: string;
	/** Agreed debt it might have run into. */
	overdraftMinutes: number;
	/** Null while the call lives. */
	returnedMinutes: number | null;
	returnedAmount: string | null;
	drainCause: DrainCause | null;
}

/** What the provider told of a call besides its status. */
export interface CallFactsView {
	answeredBy: AnsweredBy | null;
	/** What the provider charges, in `providerCostCurrency`: never what the customer pays. */
	providerCost: string | null;
	providerCostCurrency: string | null;
	costState: CostState;
	transcript: string | null;
	summary: string | null;
}

/** A recording of a call. It is heard at `/api/recordings/{id}` once it is `stored`. */
export interface RecordingView {
	id: string;
	state: 'pending' | 'stored' | 'absent' | 'failed' | 'deleted';
	seconds: number | null;
	contentType: string | null;
	/** When it is deleted by itself. */
	deleteAfter: string | null;
}

export interface CallSettingsView {
	recordsCalls: boolean;
	recordingRetentionDays: number;
	detectsMachines: boolean;
}

export interface CallDetailView {
	call: CallView;
	facts: CallFactsView;
	events: CallEventView[];
	receipt: ReceiptLineView[];
	hold: CallHoldView | null;
	recordings: RecordingView[];
}

/** Everything the live feed can say. */
export interface LivePayloads {
	'call:created': CallView;
	'call:updated': CallView;
	'minutes:updated': MinutesView;
	'credits:updated': CreditsView;
	'metrics:updated': MetricsView;
	'outcome:updated': OutcomeView;
	'call_back:updated': CallBackView;
	'campaign:updated': CampaignProgressView;
	'sales:requested': SalesRequestView;
	/** Raised, or the same again when it is over. */
	'alert:created': AlertView;
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

/** A call or a delivery that does not go on by itself as it should. */
export interface StuckView {
	kind: StuckKind;
	callId: string | null;
	deliveryId: string | null;
	/** Null for a delivery nobody's call is known for. */
	organizationId: number | null;
	organizationName: string | null;
	provider: string;
	to: string | null;
	contactName: string | null;
	/** What is known, as a sentence. */
	known: string;
	/** What happens by itself, as a sentence, and when. */
	next: string;
	nextAt: string | null;
	since: string;
}

/** A refused call, as it is kept. */
export interface RefusedCallView {
	id: number;
	organizationId: number;
	organizationName: string;
	userName: string | null;
	to: string;
	contactName: string | null;
	code: BlockCode;
	message: string;
	wayOut: string;
	/** Of that moment. */
	numbers: Record<string, number>;
	createdAt: string;
}

/** Somebody without minutes asked sales for more. */
export interface SalesRequestView {
	id: number;
	organizationId: number;
	organizationName: string;
	userName: string | null;
	message: string | null;
	createdAt: string;
}
