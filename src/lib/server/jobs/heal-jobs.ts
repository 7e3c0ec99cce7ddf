/**
 * What a process that died, or a connection that was cut, leaves behind in the queue: jobs and queues that
 * nobody works on are locked, graphile-worker frees them after four hours, and a job that plans its own
 * next run is not planned any more.
 */
import { sql } from 'drizzle-orm';
import type { Context } from '../context';

/** No job takes so long, and each may run twice. */
const LOCK_MINUTES_MAX = 10;
/** Of a job that is to run every few seconds. */
const CHAIN_LOCK_MINUTES_MAX = 2;

/**
 * Frees what was locked too long ago.
 * @param input.chains keys of jobs that plan their own next run
 * @returns those of them of which there is no run to come
 */
export async function healJobs({
	ctx,
	input
}: {
	ctx: Context;
	input: { chains: string[] };
}): Promise<string[]> {
	const { db } = ctx.services.database;
	await db.execute(sql`
		update graphile_worker._private_job_queues set locked_at = null, locked_by = null
		where locked_at < now() - make_interval(mins => ${LOCK_MINUTES_MAX})`);
	await db.execute(sql`
		update graphile_worker._private_jobs
		set locked_at = null, locked_by = null, run_at = greatest(run_at, now())
		where locked_at < now() - make_interval(mins => ${LOCK_MINUTES_MAX})`);
	const alive = await db.execute<{ key: string }>(sql`
		select key from graphile_worker.jobs
		where key in (select value from json_array_elements_text(${JSON.stringify(input.chains)}::json))
			and case when locked_at is null then attempts < max_attempts
				else locked_at > now() - make_interval(mins => ${CHAIN_LOCK_MINUTES_MAX}) end`);
	const keys = new Set(alive.map(({ key }) => key));
	return input.chains.filter((key) => !keys.has(key));
}

/** Gives back what runners have that are known to be gone. */
export async function unlockPools({
	ctx,
	input
}: {
	ctx: Context;
	input: { poolIds: string[] };
}): Promise<void> {
	if (input.poolIds.length === 0) return;
	await ctx.services.database.db.execute(sql`
		select graphile_worker.force_unlock_workers(
			array(select json_array_elements_text(${JSON.stringify(input.poolIds)}::json)))`);
}
