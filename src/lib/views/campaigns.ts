import type { CampaignProgress } from '../domain/campaigns/told';
import type { CampaignKind, LeadState } from '../domain/campaigns/campaign';
import type { Forecast } from '../domain/campaigns/forecast';
import type { BlockView } from './index';

/** How far a campaign is, and why it does not dial right now. */
export type CampaignProgressView = CampaignProgress;

export interface CallingHoursView {
	fromMinute: number;
	untilMinute: number;
	/** Days of the week, 1 is Monday. */
	days: number[];
	callsPerNumberDay: number;
}

/** A campaign with what it was told to do. */
export interface CampaignView {
	progress: CampaignProgressView;
	createdBy: string | null;
	concurrency: number;
	callsPerSecond: number;
	attemptsMax: number;
	busyAfterMinutes: number | null;
	noAnswerAfterMinutes: number | null;
	failedAfterMinutes: number | null;
	hours: CallingHoursView;
}

export interface CampaignLeadView {
	position: number;
	contactId: string | null;
	name: string;
	phone: string;
	state: LeadState;
	/** What a waiting lead waits for, or why it is not called. */
	reason: string | null;
	attempts: number;
	nextAttemptAt: string;
	callId: string | null;
	/** How its last call ended. */
	outcome: string | null;
}

/** What a batch would take, and what it could be made with. */
export interface BatchForecastView extends Forecast {
	/** Leads of the choice that must not be called, and are left out. */
	doNotCall: number;
	/** Kinds that are set up here. */
	kinds: { kind: CampaignKind; missing: string | null }[];
	/** Why nothing at all could be called; null when something can. */
	block: BlockView | null;
}

export type StartCampaignView =
	{ started: true; campaign: CampaignProgressView } | { started: false; block: BlockView };
