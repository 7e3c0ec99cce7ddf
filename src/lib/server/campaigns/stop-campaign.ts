import type { CampaignIdInput } from '$lib/inputs';
import type { CampaignProgressView } from '$lib/views';
import type { Context } from '../context';
import { moveCampaign } from './move-campaign';

/** Nothing is dialled any more, for good; calls in progress are not cut. */
export function stopCampaign({
	ctx,
	input
}: {
	ctx: Context;
	input: CampaignIdInput;
}): Promise<CampaignProgressView> {
	return moveCampaign(ctx, input.campaignId, 'stop');
}
