import { and, eq } from 'drizzle-orm';
import type { Context, Person } from '../context';
import { requireOrganizationId } from '../authorize';
import { campaigns } from '../db/schema/index';
import { AppError } from '../errors';
import type { CampaignRow } from './campaign-rows';

/** A campaign of the person's own organisation. @throws AppError `not_found` for every other */
export async function requireCampaign(
	ctx: Context,
	person: Person,
	campaignId: string
): Promise<CampaignRow> {
	const organizationId = requireOrganizationId(person, undefined);
	const [found] = await ctx.services.database.db
		.select()
		.from(campaigns)
		.where(and(eq(campaigns.organizationId, organizationId), eq(campaigns.id, campaignId)));
	if (!found) throw new AppError('not_found', 'There is no such campaign.');
	return found;
}
