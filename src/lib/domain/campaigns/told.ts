import type { CampaignKind, CampaignStatus, PauseCause } from './campaign';
import type { LeadCounts, Standstill } from './progress';

/** What a browser is told of a campaign whenever it moves. Plain JSON: times are ISO strings in UTC. */
export interface CampaignProgress {
	id: string;
	organizationId: number;
	name: string;
	kind: CampaignKind;
	status: CampaignStatus;
	pauseCause: PauseCause | null;
	/** The sentence of what paused it. */
	pauseReason: string | null;
	counts: LeadCounts;
	/** Calls dialled, seconds of talk, minutes charged, and dollars the wallet paid. */
	attempts: number;
	talkSeconds: number;
	billedMinutes: number;
	cost: string;
	/** Leads done per minute, the last minute counting most. */
	ratePerMinute: number;
	/** When the last lead will be done at this rate; null when nobody can say. */
	finishesAt: string | null;
	/** Why nothing new is dialled at this moment. */
	standstill: Standstill;
	createdAt: string;
	startedAt: string | null;
	endedAt: string | null;
	/** When this was true. */
	asOf: string;
	/** Rises with every change: of two views the higher is the newer. */
	version: number;
}
