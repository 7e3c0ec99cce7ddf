import type { BillingMode } from '../domain/credit/types';
import type { DeactivationPolicy } from '../domain/lane/commands';
import type { CallSettingsView, CreditsView, MinutesView, SalesContactView } from './index';

type ProviderName = 'twilio' | 'exotel' | 'bolna';

/** Everything a super admin sets for one organisation. */
export interface OrganizationSettingsView {
	id: number;
	name: string;
	timezone: string;
	country: string;
	billingMode: BillingMode;
	estimateMinutes: number;
	overdraftMinutes: number;
	/** Dollars. */
	overdraftAmount: string;
	deactivationPolicy: DeactivationPolicy;
	salesEmail: string | null;
	salesPhone: string | null;
	/** The provider asked first, then those it falls over to. */
	providers: ProviderName[];
	freezesOnDispute: boolean;
	callSettings: CallSettingsView;
	archivedAt: string | null;
	createdAt: string;
}

export interface OrganizationView {
	settings: OrganizationSettingsView;
	minutes: MinutesView;
	credits: CreditsView;
	/** Minutes used in the last hour: the pace. */
	minutesLastHour: number;
	/** Providers that are set up here. */
	availableProviders: ProviderName[];
	/** Whom its people are told to ask where it names nobody. */
	platformSalesContact: SalesContactView;
}

/** One line of the usage log: an allocation that paid minutes of a call. */
export interface UsageRowView {
	id: number;
	/** Of our call, or the id an integration gave. */
	callId: string;
	/** Our call it is, so that it can be opened. */
	isOwnCall: boolean;
	to: string | null;
	minutes: number;
	allocationReason: string;
	settlesDebt: boolean;
	callStartAt: string;
	callEndAt: string;
}

/** One change: who, when, from where, and what it was before. */
export interface AuditRowView {
	id: number;
	organizationId: number | null;
	organizationName: string | null;
	actorKind: 'user' | 'command_line' | 'job' | 'webhook';
	actorUserId: string | null;
	actorName: string | null;
	actorEmail: string | null;
	action: string;
	before: Record<string, unknown> | null;
	after: Record<string, unknown> | null;
	address: string | null;
	requestId: string | null;
	createdAt: string;
}

export interface AuditActorView {
	userId: string;
	name: string;
	email: string;
}

/** A call that has not got its next expected event. */
export interface DeliveryGapView {
	/** `overdue`: it lives and is silent. `ended_by_asking`: its final delivery never came. */
	kind: 'overdue' | 'ended_by_asking';
	callId: string;
	organizationId: number;
	organizationName: string;
	provider: ProviderName;
	to: string;
	status: string;
	/** What should have come, in a few words. */
	expected: string;
	/** When it was last heard of. */
	since: string;
}

export interface RateView {
	id: string;
	prefix: string;
	description: string;
	/** Dollars. */
	perMinute: string;
	initialSeconds: number;
	incrementSeconds: number;
	effectiveFrom: string;
	/** In force now; else it is to come, or was replaced. */
	state: 'current' | 'to_come' | 'replaced';
}

/** What an import would do, before it does it. */
export interface RatesPreviewView {
	rows: number;
	/** Prefixes without a rate until now. */
	added: number;
	changed: number;
	/** Equal to what is in force, or there already. */
	unchanged: number;
	/** The first changes, to look at. */
	changes: { prefix: string; description: string; before: string | null; after: string }[];
	/** What is wrong with which line; with any of them nothing is imported. */
	errors: { line: number; sentence: string }[];
}

export interface RateTestView {
	/** E.164. */
	to: string;
	country: string;
	prefix: string;
	description: string;
	perMinute: string;
	initialSeconds: number;
	incrementSeconds: number;
	/** What calls of one, and of five and a half minutes cost, dollars. */
	costOfOneMinute: string;
	costOfLongCall: string;
}

export interface ApiTokenView {
	id: string;
	name: string;
	/** Null: everything its person may do. */
	scopes: string[] | null;
	userName: string;
	userEmail: string;
	organizationId: number | null;
	organizationName: string | null;
	createdAt: string;
	lastUsedAt: string | null;
	revokedAt: string | null;
}

export interface JobView {
	id: string;
	task: string;
	state: 'failed' | 'running' | 'waiting';
	attempts: number;
	maxAttempts: number;
	lastError: string | null;
	runAt: string;
	createdAt: string;
	updatedAt: string;
}

export interface PlatformSettingsView {
	/** Null: as the environment says. */
	salesEmail: string | null;
	salesPhone: string | null;
	defaults: SalesContactView;
	/** Without a mail server mails are kept, and not sent. */
	sendsMail: boolean;
}

/** What became of a test mail. */
export interface TestMailView {
	to: string;
	state: 'sent' | 'waiting' | 'failed';
	failure: string | null;
}
