import { eq } from 'drizzle-orm';
import type { CampaignIdInput } from '$lib/inputs';
import type { CampaignView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { users } from '../db/schema/index';
import { findNextDue, toProgress } from './campaign-rows';
import { readCallingHours } from './calling-hours';
import { requireCampaign } from './find-campaign';

export async function getCampaign({
	ctx,
	input
}: {
	ctx: Context;
	input: CampaignIdInput;
}): Promise<CampaignView> {
	const person = requirePerson(ctx, 'campaigns.read');
	const campaign = await requireCampaign(ctx, person, input.campaignId);
	const { db } = ctx.services.database;
	const [next, hours, [creator]] = await Promise.all([
		findNextDue(db, campaign.id),
		readCallingHours(db, campaign.organizationId),
		campaign.createdBy === null
			? []
			: db.select({ name: users.name }).from(users).where(eq(users.id, campaign.createdBy))
	]);
	return {
		progress: toProgress(campaign, next, ctx.nowMs),
		createdBy: creator?.name ?? null,
		concurrency: campaign.concurrency,
		callsPerSecond: campaign.callsPerSecond,
		attemptsMax: campaign.attemptsMax,
		busyAfterMinutes: campaign.busyAfterMinutes,
		noAnswerAfterMinutes: campaign.noAnswerAfterMinutes,
		failedAfterMinutes: campaign.failedAfterMinutes,
		hours
	};
}
