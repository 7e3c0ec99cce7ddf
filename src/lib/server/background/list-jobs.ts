import { sql } from 'drizzle-orm';
import type { JobView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';

const JOBS_MAX = 200;

interface Row extends Record<string, unknown> {
	id: string;
	task: string;
	attempts: number;
	max_attempts: number;
	last_error: string | null;
	is_running: boolean;
	run_at: string;
	created_at: string;
	updated_at: string;
}

/** The worker's jobs: those that failed first, then those that run, then those that wait. */
export async function listJobs({ ctx }: { ctx: Context }): Promise<JobView[]> {
	requirePermission(ctx, 'jobs.read');
	if (!(await hasWorker(ctx))) return [];
	const rows = await ctx.services.database.db.execute<Row>(sql`
		select id::text, task_identifier as task, attempts, max_attempts, last_error,
			locked_at is not null as is_running, run_at::text, created_at::text, updated_at::text
		from graphile_worker.jobs
		order by last_error is null, locked_at is null, run_at, id limit ${JOBS_MAX}`);
	return rows.map((row) => ({
		id: row.id,
		task: row.task,
		state: stateOf(row),
		attempts: row.attempts,
		maxAttempts: row.max_attempts,
		lastError: row.last_error,
		runAt: new Date(row.run_at).toISOString(),
		createdAt: new Date(row.created_at).toISOString(),
		updatedAt: new Date(row.updated_at).toISOString()
	}));
}

function stateOf(row: Row): JobView['state'] {
	if (row.is_running) return 'running';
	return row.last_error === null ? 'waiting' : 'failed';
}

/** The worker makes its tables when it first starts. */
export async function hasWorker(ctx: Context): Promise<boolean> {
	const [row] = await ctx.services.database.db.execute<{ found: boolean }>(
		sql`select to_regclass('graphile_worker.jobs') is not null as found`
	);
	return row?.found ?? false;
}
