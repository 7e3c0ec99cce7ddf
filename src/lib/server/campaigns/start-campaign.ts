import type { CampaignIdInput } from '$lib/inputs';
import type { StartCampaignView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { findStartBlock } from './find-start-block';
import { requireCampaign } from './find-campaign';
import { moveCampaign } from './move-campaign';

/** Starts a draft. Without credit for a single call it stays one, and the refusal says what to do. */
export async function startCampaign({
	ctx,
	input
}: {
	ctx: Context;
	input: CampaignIdInput;
}): Promise<StartCampaignView> {
	const person = requirePerson(ctx, 'campaigns.run');
	const campaign = await requireCampaign(ctx, person, input.campaignId);
	const block = await findStartBlock(ctx, campaign);
	if (block) return { started: false, block };
	return { started: true, campaign: await moveCampaign(ctx, campaign.id, 'start') };
}
