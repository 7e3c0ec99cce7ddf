import { mayPlace } from '../campaigns/campaign';
import type { CampaignProgress } from '../campaigns/told';
import type { PlaceCall } from './commands';
import type { Decision } from './place';
import type { LaneState } from './state';

/** Tell browsers how far a campaign is. Of several in a batch the last one is told. */
export interface TellCampaign {
	kind: 'tell_campaign';
	organizationId: number;
	progress: CampaignProgress;
}

/**
 * Whether the campaign of a call was paused or stopped. Its row is read under a lock that a stop waits for,
 * so from the commit of a stop on no call of it is placed.
 */
export function isHalted(state: LaneState, { campaignId }: Pick<PlaceCall, 'campaignId'>): boolean {
	const status = campaignId === null ? undefined : state.campaignStatuses.get(campaignId);
	return status !== undefined && !mayPlace(status);
}

/** Lets the organisation's browsers know how far a campaign is: in order with all else they are told. */
export function tellCampaign(
	state: LaneState,
	{ organizationId, progress }: TellCampaign
): Decision<'tell_campaign'> {
	if (!state.organizations.has(organizationId)) {
		return { result: { kind: 'unknown_organization' }, changes: {} };
	}
	return { result: { kind: 'told' }, changes: { toldCampaigns: [progress] } };
}
