import type { CampaignIdInput } from '$lib/inputs';
import type { CampaignProgressView } from '$lib/views';
import type { Context } from '../context';
import { moveCampaign } from './move-campaign';

/** A paused campaign goes on. */
export function resumeCampaign({
	ctx,
	input
}: {
	ctx: Context;
	input: CampaignIdInput;
}): Promise<CampaignProgressView> {
	return moveCampaign(ctx, input.campaignId, 'resume');
}
