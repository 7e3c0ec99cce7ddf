/** The rules of campaigns and lead lists: {@link CAMPAIGN_RULES}. */
import { v7 as uuid } from 'uuid';
import { createCampaign } from '$lib/server/campaigns/create-campaign';
import { forecastBatch } from '$lib/server/campaigns/forecast-batch';
import { getCampaign } from '$lib/server/campaigns/get-campaign';
import { listCampaignLeads } from '$lib/server/campaigns/list-campaign-leads';
import { listCampaigns } from '$lib/server/campaigns/list-campaigns';
import { pauseCampaign } from '$lib/server/campaigns/pause-campaign';
import { resumeCampaign } from '$lib/server/campaigns/resume-campaign';
import { setCallingHours } from '$lib/server/campaigns/set-calling-hours';
import { startCampaign } from '$lib/server/campaigns/start-campaign';
import { stopCampaign } from '$lib/server/campaigns/stop-campaign';
import { CreateCampaignInput } from '$lib/inputs';
import type { Context } from '$lib/server/context';
import { addLeads } from '$lib/server/leads/add-leads';
import { createLeadList } from '$lib/server/leads/create-lead-list';
import { removeLeads } from '$lib/server/leads/remove-leads';
import { renameLeadList } from '$lib/server/leads/rename-lead-list';
import { ABSENT, FORBIDDEN, OK, type Rule } from './house-rule';

/** A draft of an own lead, made first: a campaign is moved only once. */
async function draftOf(ctx: Context, contactId: string): Promise<string> {
	const requestId = uuid();
	const choice = { kind: 'contacts' as const, contactIds: [contactId] };
	const input = CreateCampaignInput.parse({ requestId, name: 'Draft', kind: 'server', choice });
	await createCampaign({ ctx, input });
	return requestId;
}

export const CAMPAIGN_RULES: Rule[] = [
	{
		verb: 'listCampaigns',
		procedure: 'campaigns.list',
		run: (ctx) => listCampaigns({ ctx, input: {} }),
		superAdmin: FORBIDDEN,
		member: OK
	},
	{
		verb: 'getCampaign',
		procedure: 'campaigns.get',
		run: (ctx, { campaignId }) => getCampaign({ ctx, input: { campaignId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'listCampaignLeads',
		procedure: 'campaigns.leads',
		run: (ctx, { campaignId }) => listCampaignLeads({ ctx, input: { campaignId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'forecastBatch of a list',
		procedure: 'campaigns.forecast',
		run: (ctx, { listId }) =>
			forecastBatch({
				ctx,
				input: {
					kind: 'server',
					attemptsMax: 1,
					choice: { kind: 'list', listId, filters: {} }
				}
			}),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'createCampaign of contacts',
		procedure: 'campaigns.create',
		run: (ctx, { contactId }) => draftOf(ctx, contactId),
		superAdmin: FORBIDDEN,
		// None of theirs is a lead of ours: no lead is left.
		member: ['ok', 'invalid', 'invalid']
	},
	{
		verb: 'startCampaign',
		procedure: 'campaigns.start',
		run: async (ctx, { campaignId, contactId, isOwn }) =>
			startCampaign({
				ctx,
				input: { campaignId: isOwn ? await draftOf(ctx, contactId) : campaignId }
			}),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'pauseCampaign',
		procedure: 'campaigns.pause',
		run: (ctx, { campaignId }) => pauseCampaign({ ctx, input: { campaignId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'resumeCampaign',
		procedure: 'campaigns.resume',
		run: async (ctx, { campaignId, isOwn }) => {
			if (isOwn) await pauseCampaign({ ctx, input: { campaignId } });
			return resumeCampaign({ ctx, input: { campaignId } });
		},
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'stopCampaign',
		procedure: 'campaigns.stop',
		run: async (ctx, { campaignId, contactId, isOwn }) =>
			stopCampaign({
				ctx,
				input: { campaignId: isOwn ? await draftOf(ctx, contactId) : campaignId }
			}),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'setCallingHours',
		procedure: 'campaigns.setCallingHours',
		run: (ctx) =>
			setCallingHours({
				ctx,
				input: { fromMinute: 540, untilMinute: 1_200, days: [1, 2, 3], callsPerNumberDay: 2 }
			}),
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	},
	{
		verb: 'createLeadList',
		procedure: 'leads.createList',
		run: (ctx) => createLeadList({ ctx, input: { requestId: uuid(), name: `List ${uuid()}` } }),
		superAdmin: FORBIDDEN,
		member: OK
	},
	{
		verb: 'renameLeadList',
		procedure: 'leads.renameList',
		run: (ctx, { listId }) => renameLeadList({ ctx, input: { listId, name: `List ${uuid()}` } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'addLeads',
		procedure: 'leads.add',
		run: (ctx, { listId, contactId }) =>
			addLeads({ ctx, input: { listId, choice: { kind: 'contacts', contactIds: [contactId] } } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'removeLeads',
		procedure: 'leads.remove',
		run: (ctx, { listId, contactId }) =>
			removeLeads({
				ctx,
				input: { listId, choice: { kind: 'contacts', contactIds: [contactId] } }
			}),
		superAdmin: FORBIDDEN,
		member: ABSENT
	}
];
