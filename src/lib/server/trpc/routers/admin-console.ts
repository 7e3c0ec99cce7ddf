import {
	HangUpAsAdminInput,
	JobIdInput,
	ListAuditInput,
	ListRatesInput,
	MonitorCallsInput,
	PlatformSettingsInput,
	RatesCsvInput,
	TestRateInput
} from '$lib/inputs';
import { listAudit, listAuditActors } from '../../audit/list-audit';
import { listJobs } from '../../background/list-jobs';
import { retryJob } from '../../background/retry-job';
import { hangUpAsAdmin } from '../../calls/hang-up-as-admin';
import { listFleetCalls } from '../../calls/list-fleet-calls';
import { importRates } from '../../rates/import-rates';
import { listRates } from '../../rates/list-rates';
import { previewRates } from '../../rates/preview-rates';
import { testRate } from '../../rates/test-rate';
import { getPlatformSettings, setPlatformSettings } from '../../settings/platform-settings';
import { sendTestMail } from '../../settings/send-test-mail';
import { allowed, router } from '../init';

export const adminCallsRouter = router({
	list: allowed('fleet.read')
		.input(MonitorCallsInput)
		.query(({ ctx, input }) => listFleetCalls({ ctx, input })),
	hangUp: allowed('calls.hang_up_any')
		.input(HangUpAsAdminInput)
		.mutation(({ ctx, input }) => hangUpAsAdmin({ ctx, input }))
});

export const adminAuditRouter = router({
	list: allowed('audit.read')
		.input(ListAuditInput)
		.query(({ ctx, input }) => listAudit({ ctx, input })),
	actors: allowed('audit.read').query(({ ctx }) => listAuditActors({ ctx }))
});

export const adminRatesRouter = router({
	list: allowed('rates.read')
		.input(ListRatesInput)
		.query(({ ctx, input }) => listRates({ ctx, input })),
	test: allowed('rates.read')
		.input(TestRateInput)
		.query(({ ctx, input }) => testRate({ ctx, input })),
	preview: allowed('rates.write')
		.input(RatesCsvInput)
		.mutation(({ ctx, input }) => previewRates({ ctx, input })),
	import: allowed('rates.write')
		.input(RatesCsvInput)
		.mutation(({ ctx, input }) => importRates({ ctx, input }))
});

export const adminJobsRouter = router({
	list: allowed('jobs.read').query(({ ctx }) => listJobs({ ctx })),
	retry: allowed('jobs.retry')
		.input(JobIdInput)
		.mutation(({ ctx, input }) => retryJob({ ctx, input }))
});

export const adminSettingsRouter = router({
	get: allowed('settings.write').query(({ ctx }) => getPlatformSettings({ ctx })),
	set: allowed('settings.write')
		.input(PlatformSettingsInput)
		.mutation(({ ctx, input }) => setPlatformSettings({ ctx, input })),
	testMail: allowed('settings.write').mutation(({ ctx }) => sendTestMail({ ctx }))
});
