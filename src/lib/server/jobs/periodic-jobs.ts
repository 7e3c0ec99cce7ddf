/** What the worker does by the clock (UTC). Each may run twice or late: none does anything twice. */
import type { Provider } from '$lib/domain/call/event';
import { countCalls } from '../analytics/count-calls';
import { refreshTopNumbers } from '../analytics/top-numbers';
import { checkProviderBill } from '../bills/check-provider-bill';
import { fetchCosts } from '../calls/fetch-costs';
import { resolveEndConflicts } from '../calls/resolve-end-conflicts';
import { discardOldUploads } from '../contact-imports/discard-old-uploads';
import { workImports } from '../contact-imports/work-imports';
import type { Context } from '../context';
import { removeOldBodies } from '../deliveries/remove-old-bodies';
import { retryDeliveries } from '../deliveries/retry-deliveries';
import { expireAllocations } from '../minutes/expire-allocations';
import { sendMails } from '../mails/send-mails';
import { catchUpWithStripe } from '../payments/catch-up';
import { sealReports } from '../reports/seal-reports';
import { eraseRecordings } from '../recordings/erase-recordings';
import { runAllocationSchedules } from '../minutes/run-allocation-schedules';

export interface PeriodicJob {
	name: string;
	/** Minute, hour, day, month and weekday. */
	cron: string;
	run(input: { ctx: Context }): Promise<unknown>;
}

const DAY_MS = 86_400_000;
const EVERY_MINUTE = '* * * * *';

export const PERIODIC_JOBS: PeriodicJob[] = [
	{ name: 'expire_allocations', cron: EVERY_MINUTE, run: expireAllocations },
	{ name: 'run_allocation_schedules', cron: EVERY_MINUTE, run: runAllocationSchedules },
	{ name: 'count_calls', cron: EVERY_MINUTE, run: countCalls },
	{ name: 'retry_deliveries', cron: EVERY_MINUTE, run: retryDeliveries },
	{ name: 'fetch_costs', cron: EVERY_MINUTE, run: fetchCosts },
	{ name: 'resolve_end_conflicts', cron: EVERY_MINUTE, run: resolveEndConflicts },
	{ name: 'erase_recordings', cron: EVERY_MINUTE, run: eraseRecordings },
	{ name: 'resume_contact_imports', cron: EVERY_MINUTE, run: ({ ctx }) => workImports({ ctx }) },
	{ name: 'discard_old_uploads', cron: '35 * * * *', run: discardOldUploads },
	{ name: 'send_mails', cron: EVERY_MINUTE, run: sendMails },
	{ name: 'catch_up_with_stripe', cron: '*/3 * * * *', run: catchUpWithStripe },
	{ name: 'refresh_top_numbers', cron: '*/5 * * * *', run: refreshTopNumbers },
	{
		name: 'clean_up',
		cron: '17 * * * *',
		run: ({ ctx }) => ctx.services.sessions.deleteExpiredSessions()
	},
	{ name: 'seal_reports', cron: '7 * * * *', run: sealReports },
	{ name: 'remove_old_bodies', cron: '25 2 * * *', run: removeOldBodies },
	{ name: 'check_provider_bills', cron: '40 3 * * *', run: checkLastBills }
];

/** Each in a queue of its own, so that one that takes long waits only for itself; at most one waits. */
export function periodicCrontab(): string {
	return PERIODIC_JOBS.map(
		({ name, cron }) => `${cron} ${name} ?queue=${name}&jobKey=${name}&max=1`
	).join('\n');
}

/** Yesterday's bill of each provider, and again that of the day before: prices come up to a day late. */
async function checkLastBills({ ctx }: { ctx: Context }): Promise<void> {
	for (const provider of Object.keys(ctx.services.providers) as Provider[]) {
		for (const daysAgo of [2, 1]) {
			const day = new Date(ctx.nowMs - daysAgo * DAY_MS).toISOString().slice(0, 10);
			await checkProviderBill({ ctx, input: { provider, day } }).catch((error: unknown) =>
				ctx.services.log.warn({ err: error, provider, day }, 'bill check failed')
			);
		}
	}
}
