import { sql } from 'drizzle-orm';
import type { JobIdInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { hasWorker } from './list-jobs';

/** Lets a job that failed, or waits, run now, with a fresh count of tries. */
export async function retryJob({
	ctx,
	input: { jobId }
}: {
	ctx: Context;
	input: JobIdInput;
}): Promise<{ retried: true }> {
	requirePermission(ctx, 'jobs.retry');
	const refusal = new AppError('not_found', 'There is no such job that could run now.');
	if (!(await hasWorker(ctx))) throw refusal;
	await ctx.services.database.db.transaction(async (tx) => {
		const [job] = await tx.execute<{
			task: string;
			attempts: number;
			last_error: string | null;
		}>(sql`
			select task_identifier as task, attempts, last_error from graphile_worker.jobs
			where id = ${jobId}::bigint and locked_at is null`);
		if (!job) throw refusal;
		await tx.execute(sql`
			select graphile_worker.reschedule_jobs(array[${jobId}::bigint], run_at := now(), attempts := 0)`);
		await writeAudit(tx, ctx, {
			organizationId: null,
			action: 'job.retry',
			before: { attempts: job.attempts, lastError: job.last_error },
			after: { jobId, task: job.task }
		});
	});
	return { retried: true };
}
