import journal from '../../../../drizzle/meta/_journal.json';
import type { Services } from '../services';

/** The sweep plans its own next run; so long after it is due, nobody works. */
const WORKER_LATE_SECONDS = 120;

/** What keeps this process from serving, in a sentence; null when nothing does. */
export async function checkReadiness(services: Services): Promise<string | null> {
	try {
		const { sql } = services.unbound;
		const [row] = await sql<{ applied: number }[]>`
			select count(*)::int as applied from drizzle.__drizzle_migrations`;
		const missing = journal.entries.length - (row?.applied ?? 0);
		if (missing > 0) {
			return `${missing} migrations are not applied. Run: npm run talktime -- migrate`;
		}
		return await checkWorker(services);
	} catch {
		return 'The database cannot be reached.';
	}
}

/** Without a worker calls are not metered, and what is not metered is not placed. */
async function checkWorker({ unbound }: Services): Promise<string | null> {
	const [known] = await unbound.sql<{ is: boolean }[]>`
		select to_regclass('graphile_worker.jobs') is not null as is`;
	if (!known?.is) return 'No worker has run yet. Start a process with TALKTIME_WORKER=1.';
	const [late] = await unbound.sql<{ seconds: number | null }[]>`
		select extract(epoch from now() - min(run_at))::int as seconds
		from graphile_worker.jobs where key = 'sweep_calls' and locked_at is null`;
	const seconds = late?.seconds ?? 0;
	return seconds > WORKER_LATE_SECONDS
		? `No worker has worked for ${seconds} seconds. Start a process with TALKTIME_WORKER=1.`
		: null;
}
