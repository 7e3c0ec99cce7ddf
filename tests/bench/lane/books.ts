/** What must be true before and after: the books balance, and each call was charged once. */
import { readConfig } from '$lib/server/config';
import { createLog } from '$lib/server/log';
import { reconcile } from '$lib/server/reconcile/reconcile';
import { createServices } from '$lib/server/services';
import type { BenchDatabase } from './bench-database';
import type { LoadResult } from './load';

/** What was sent to the servers of one database. */
export class Sent {
	callbacks = 0;
	completedCalls = 0;
	refusals = 0;
	firstRefusal: string | null = null;

	add(load: LoadResult): void {
		this.callbacks += load.callbacks;
		this.completedCalls += load.completedCalls;
		this.refusals += load.refusals;
		this.firstRefusal ??= load.firstRefusal;
	}
}

/** What the server that is compared with does not keep, by name; that it is spared this helps it. */
const NOT_OF_THE_RIVAL = /, (breakdowns and queue|counted ends|calls counted by length)/;

/** The sentences that say what is wrong; none when all is well. */
export async function findFaults(
	name: string,
	database: BenchDatabase,
	sent: Sent
): Promise<string[]> {
	await database.sql`analyze`;
	const isRival = name.startsWith('interactive');
	const breaches = (await listBreaches(database)).filter(
		(breach) => !isRival || !NOT_OF_THE_RIVAL.test(breach)
	);
	const faults = [...breaches, ...(await listLosses(database, sent))];
	if (sent.refusals > 0) {
		faults.push(`${sent.refusals} answers were not "200 applied"; the first: ${sent.firstRefusal}`);
	}
	return faults.map((fault) => `${name}: ${fault}`);
}

async function listBreaches(database: BenchDatabase): Promise<string[]> {
	const config = readConfig({ DATABASE_URL: database.url });
	const services = createServices(config, { log: createLog('silent'), providers: {} });
	try {
		const ctx = { caller: { kind: 'command_line' as const }, nowMs: Date.now(), services };
		const { invariants } = await reconcile({ ctx });
		return invariants
			.filter(({ ok }) => !ok)
			.map(({ name, breaches }) => `reconcile, ${name}: ${breaches.slice(0, 3).join('; ')}`);
	} finally {
		await services.close();
	}
}

async function listLosses({ sql }: BenchDatabase, sent: Sent): Promise<string[]> {
	const [found] = await sql<{ deliveries: number; applied: number; repeats: number }[]>`
		select count(*)::int as deliveries, count(*) filter (where state = 'applied')::int as applied,
			coalesce(sum(repeats), 0)::int as repeats from deliveries`;
	const [charged] = await sql<{ completed: number; once: number }[]>`
		select count(*)::int as completed,
			count(*) filter (where u.payments = 1 and u.minutes = c.billed_minutes)::int as once
		from calls c
		left join (select call_id, count(*) as payments, sum(minutes_consumed) as minutes
			from call_minutes_usage_log group by 1) u on u.call_id = c.id::text
		where c.status = 'completed'`;
	const expectations: [string, number | undefined, number][] = [
		['callbacks stored', found?.deliveries, sent.callbacks],
		['callbacks applied', found?.applied, sent.callbacks],
		['callbacks counted as repeats', found?.repeats, 0],
		['calls completed', charged?.completed, sent.completedCalls],
		['calls charged once', charged?.once, sent.completedCalls]
	];
	return expectations
		.filter(([, actual, expected]) => actual !== expected)
		.map(([what, actual, expected]) => `${actual} ${what}, not ${expected}`);
}
