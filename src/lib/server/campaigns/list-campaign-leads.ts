import { and, asc, eq, gt } from 'drizzle-orm';
import type { ListCampaignLeadsInput } from '$lib/inputs';
import type { CampaignLeadView, Page } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { campaignLeads as leads } from '../db/schema/index';
import { requireCampaign } from './find-campaign';

const PAGE_ROWS = 50;

/** The leads of a campaign in their order, with what became of each. */
export async function listCampaignLeads({
	ctx,
	input
}: {
	ctx: Context;
	input: ListCampaignLeadsInput;
}): Promise<Page<CampaignLeadView>> {
	const person = requirePerson(ctx, 'campaigns.read');
	const campaign = await requireCampaign(ctx, person, input.campaignId);
	const rows = await ctx.services.database.db
		.select()
		.from(leads)
		.where(
			and(
				eq(leads.campaignId, campaign.id),
				input.state && eq(leads.state, input.state),
				input.cursor === undefined ? undefined : gt(leads.position, Number(input.cursor))
			)
		)
		.orderBy(asc(leads.position))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	return {
		rows: shown.map((row) => ({
			position: row.position,
			contactId: row.contactId,
			name: row.name,
			phone: row.phone,
			state: row.state,
			reason: row.reason,
			attempts: row.attempts,
			nextAttemptAt: row.nextAttemptAt.toISOString(),
			callId: row.callId,
			outcome: row.outcome
		})),
		nextCursor: rows.length > PAGE_ROWS ? String(shown.at(-1)?.position) : null
	};
}
