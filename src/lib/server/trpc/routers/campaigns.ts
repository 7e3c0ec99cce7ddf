import {
	CallingHoursInput,
	CampaignIdInput,
	CreateCampaignInput,
	ForecastBatchInput,
	ListCampaignLeadsInput,
	ListCampaignsInput
} from '$lib/inputs';
import { createCampaign } from '../../campaigns/create-campaign';
import { forecastBatch } from '../../campaigns/forecast-batch';
import { getCampaign } from '../../campaigns/get-campaign';
import { listCampaignLeads } from '../../campaigns/list-campaign-leads';
import { listCampaigns } from '../../campaigns/list-campaigns';
import { pauseCampaign } from '../../campaigns/pause-campaign';
import { resumeCampaign } from '../../campaigns/resume-campaign';
import { setCallingHours } from '../../campaigns/set-calling-hours';
import { startCampaign } from '../../campaigns/start-campaign';
import { stopCampaign } from '../../campaigns/stop-campaign';
import { allowed, router } from '../init';

export const campaignsRouter = router({
	list: allowed('campaigns.read')
		.input(ListCampaignsInput)
		.query(({ ctx, input }) => listCampaigns({ ctx, input })),
	get: allowed('campaigns.read')
		.input(CampaignIdInput)
		.query(({ ctx, input }) => getCampaign({ ctx, input })),
	leads: allowed('campaigns.read')
		.input(ListCampaignLeadsInput)
		.query(({ ctx, input }) => listCampaignLeads({ ctx, input })),
	forecast: allowed('campaigns.read')
		.input(ForecastBatchInput)
		.query(({ ctx, input }) => forecastBatch({ ctx, input })),
	create: allowed('campaigns.run')
		.input(CreateCampaignInput)
		.mutation(({ ctx, input }) => createCampaign({ ctx, input })),
	start: allowed('campaigns.run')
		.input(CampaignIdInput)
		.mutation(({ ctx, input }) => startCampaign({ ctx, input })),
	pause: allowed('campaigns.run')
		.input(CampaignIdInput)
		.mutation(({ ctx, input }) => pauseCampaign({ ctx, input })),
	resume: allowed('campaigns.run')
		.input(CampaignIdInput)
		.mutation(({ ctx, input }) => resumeCampaign({ ctx, input })),
	stop: allowed('campaigns.run')
		.input(CampaignIdInput)
		.mutation(({ ctx, input }) => stopCampaign({ ctx, input })),
	setCallingHours: allowed('campaigns.settings')
		.input(CallingHoursInput)
		.mutation(({ ctx, input }) => setCallingHours({ ctx, input }))
});
