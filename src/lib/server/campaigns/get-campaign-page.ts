import type { ListCampaignLeadsInput } from '$lib/inputs';
import { isUuid } from '$lib/domain/uuid';
import type { CampaignLeadView, CampaignView, Page } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { currentCursor } from '../live/feed';
import { getCampaign } from './get-campaign';
import { listCampaignLeads } from './list-campaign-leads';

export interface CampaignPage {
	cursor: string;
	campaign: CampaignView;
	leads: Page<CampaignLeadView>;
}

/** One campaign with its first leads, and the cursor from which its news follow. */
export async function getCampaignPage({
	ctx,
	input
}: {
	ctx: Context;
	input: ListCampaignLeadsInput;
}): Promise<CampaignPage> {
	const person = requirePerson(ctx, 'campaigns.read');
	const organizationId = requireOrganizationId(person, undefined);
	if (!isUuid(input.campaignId)) throw new AppError('not_found', 'There is no such campaign.');
	const cursor = await currentCursor(ctx.services, organizationId);
	const [campaign, leads] = await Promise.all([
		getCampaign({ ctx, input: { campaignId: input.campaignId } }),
		listCampaignLeads({ ctx, input })
	]);
	return { cursor, campaign, leads };
}
