import { eq } from 'drizzle-orm';
import type { CampaignProgress } from '$lib/domain/campaigns/told';
import type { Context } from '../context';
import { campaigns } from '../db/schema/index';
import { findNextDue, toProgress } from './campaign-rows';

/** Reads how far a campaign is and tells its organisation's browsers. */
export async function tellCampaign(ctx: Context, campaignId: string): Promise<CampaignProgress> {
	const { database, lane } = ctx.services;
	const [[row], next] = await Promise.all([
		database.db.select().from(campaigns).where(eq(campaigns.id, campaignId)),
		findNextDue(database.db, campaignId)
	]);
	if (!row) throw new Error(`There is no campaign ${campaignId}`);
	const progress = toProgress(row, next, ctx.services.clock());
	await lane.submit({
		kind: 'tell_campaign',
		organizationId: progress.organizationId,
		progress
	});
	return progress;
}
