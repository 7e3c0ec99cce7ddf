/** A batch call over leads: what it is, and what a person may do with it. */
import type { Provider } from '../call/event';

/**
 * `server`: Twilio rings the lead, and what the organisation has set up there talks. `bridged`: Exotel rings
 * an agent's phone first and connects it. `ai`: a Bolna agent talks.
 */
export const CAMPAIGN_KINDS = ['server', 'bridged', 'ai'] as const;
export type CampaignKind = (typeof CAMPAIGN_KINDS)[number];

export const PROVIDER_OF_KIND: Record<CampaignKind, Provider> = {
	server: 'twilio',
	bridged: 'exotel',
	ai: 'bolna'
};

/** `stopping`: nothing new is dialled, and what was about to be is waited for; `stopped` promises that it is over. */
export const CAMPAIGN_STATUSES = [
	'draft',
	'running',
	'paused',
	'stopping',
	'stopped',
	'finished'
] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** Who or what paused it. All but a person let it go on by themselves when they are gone. */
export const PAUSE_CAUSES = [
	'person',
	'credit',
	'budget',
	'provider',
	'inactive',
	'guard'
] as const;
export type PauseCause = (typeof PAUSE_CAUSES)[number];

export const LEAD_STATES = ['waiting', 'calling', 'answered', 'unreached', 'skipped'] as const;
export type LeadState = (typeof LEAD_STATES)[number];

/** What keeps a waiting lead from being called at once. */
export const WAIT_REASONS = [
	'calling_hours',
	'retry',
	'attempt_cap',
	'number_busy',
	'too_fast',
	'provider'
] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** Why a lead is not called at all. */
export const SKIP_REASONS = [
	'do_not_call',
	'no_calling_hour',
	'contact_deleted',
	'not_allowed'
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export type CampaignAction = 'start' | 'pause' | 'resume' | 'stop';

const NEXT: Record<CampaignAction, Partial<Record<CampaignStatus, CampaignStatus>>> = {
	start: { draft: 'running' },
	pause: { running: 'paused', paused: 'paused' },
	resume: { paused: 'running' },
	stop: { running: 'stopping', paused: 'stopping', draft: 'stopped' }
};

/** @returns the status after a person's wish; null when it cannot be granted in this one */
export function statusAfter(status: CampaignStatus, action: CampaignAction): CampaignStatus | null {
	return NEXT[action][status] ?? null;
}

/** Whether calls of this campaign may be placed: the lane asks it under the campaign's lock. */
export function mayPlace(status: CampaignStatus): boolean {
	// A campaign nobody started is only a name that calls are counted under.
	return status === 'running' || status === 'draft';
}

/** Whether nothing will ever change about it again. */
export function isOver(status: CampaignStatus): boolean {
	return status === 'stopped' || status === 'finished';
}
