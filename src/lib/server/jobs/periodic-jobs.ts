import { countCalls } from '../analytics/count-calls';
import { refreshTopNumbers } from '../analytics/top-numbers';
import type { Context } from '../context';
import { expireAllocations } from '../minutes/expire-allocations';
import { runAllocationSchedules } from '../minutes/run-allocation-schedules';

export interface PeriodicJob {
	name: string;
	/** Minute, hour, day, month and weekday, UTC. */
	cron: string;
	run(input: { ctx: Context }): Promise<unknown>;
}

const EVERY_MINUTE = '* * * * *';

/** What the worker does by the clock. Each may run twice or late: none does anything twice. */
export const PERIODIC_JOBS: PeriodicJob[] = [
	{ name: 'expire_allocations', cron: EVERY_MINUTE, run: expireAllocations },
	{ name: 'run_allocation_schedules', cron: EVERY_MINUTE, run: runAllocationSchedules },
	{ name: 'count_calls', cron: EVERY_MINUTE, run: countCalls },
	{ name: 'refresh_top_numbers', cron: '*/5 * * * *', run: refreshTopNumbers },
	{
		name: 'clean_up',
		cron: '17 * * * *',
		run: ({ ctx }) => ctx.services.sessions.deleteExpiredSessions()
	}
];
