import type { CallingHoursView, CampaignProgressView, Page } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { currentCursor } from '../live/feed';
import { readCallingHours } from './calling-hours';
import { listCampaigns } from './list-campaigns';

export interface CampaignsPage {
	cursor: string;
	campaigns: Page<CampaignProgressView>;
	hours: CallingHoursView;
}

/** The newest campaigns, with the cursor from which their news follow. */
export async function getCampaignsPage({ ctx }: { ctx: Context }): Promise<CampaignsPage> {
	const person = requirePerson(ctx, 'campaigns.read');
	const organizationId = requireOrganizationId(person, undefined);
	const cursor = await currentCursor(ctx.services, organizationId);
	const [campaigns, hours] = await Promise.all([
		listCampaigns({ ctx, input: {} }),
		readCallingHours(ctx.services.database.db, organizationId)
	]);
	return { cursor, campaigns, hours };
}
