import type { CampaignIdInput } from '$lib/inputs';
import type { CampaignProgressView } from '$lib/views';
import type { Context } from '../context';
import { moveCampaign } from './move-campaign';

/** Nothing new is dialled until somebody lets it go on; calls in progress are not cut. */
export function pauseCampaign({
	ctx,
	input
}: {
	ctx: Context;
	input: CampaignIdInput;
}): Promise<CampaignProgressView> {
	return moveCampaign(ctx, input.campaignId, 'pause');
}
