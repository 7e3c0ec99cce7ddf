/** Jobs that go by the clock (UTC), each in a queue of its own: one that takes long waits only for itself. */
import type { Provider } from '$lib/domain/call/event';
import { checkProviderBill } from '../bills/check-provider-bill';
import { fetchCosts } from '../calls/fetch-costs';
import { resolveEndConflicts } from '../calls/resolve-end-conflicts';
import type { Context } from '../context';
import { removeOldBodies } from '../deliveries/remove-old-bodies';
import { retryDeliveries } from '../deliveries/retry-deliveries';
import { eraseRecordings } from '../recordings/erase-recordings';

const DAY_MS = 86_400_000;
const EVERY_MINUTE = '* * * * *';

interface UpkeepJob {
	name: string;
	/** When it runs, in cron's words. */
	when: string;
	run: (ctx: Context) => Promise<unknown>;
}

export const UPKEEP: UpkeepJob[] = [
	{ name: 'retry_deliveries', when: EVERY_MINUTE, run: (ctx) => retryDeliveries({ ctx }) },
	{ name: 'fetch_costs', when: EVERY_MINUTE, run: (ctx) => fetchCosts({ ctx }) },
	{ name: 'resolve_end_conflicts', when: EVERY_MINUTE, run: (ctx) => resolveEndConflicts({ ctx }) },
	{ name: 'erase_recordings', when: EVERY_MINUTE, run: (ctx) => eraseRecordings({ ctx }) },
	{ name: 'remove_old_bodies', when: '25 2 * * *', run: (ctx) => removeOldBodies({ ctx }) },
	{ name: 'check_provider_bills', when: '40 3 * * *', run: checkLastBills }
];

/** What graphile-worker is told of them: at most one waits, and it is tried once. */
export function upkeepCrontab(): string {
	return UPKEEP.map(({ name, when }) => `${when} ${name} ?queue=${name}&jobKey=${name}&max=1`).join(
		'\n'
	);
}

/** Yesterday's bill of each provider, and again that of the day before: prices come up to a day late. */
async function checkLastBills(ctx: Context): Promise<void> {
	for (const provider of Object.keys(ctx.services.providers) as Provider[]) {
		for (const daysAgo of [2, 1]) {
			const day = new Date(ctx.nowMs - daysAgo * DAY_MS).toISOString().slice(0, 10);
			await checkProviderBill({ ctx, input: { provider, day } }).catch((error: unknown) =>
				ctx.services.log.warn({ err: error, provider, day }, 'bill check failed')
			);
		}
	}
}
