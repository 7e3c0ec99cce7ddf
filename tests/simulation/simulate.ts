/** Many seeds one after the other: for the command line and the nightly run. */
import postgres from 'postgres';
import { startGuardedPostgres } from '../support/guarded-postgres';
import { Ground } from './postgres-ground';
import { runPostgres } from './run-postgres';
import { runPure } from './run-pure';

/** A database is thrown away after this many seeds, because reconciling recounts all of it. */
const SEEDS_PER_DATABASE = 100;
const SEEDS_PER_RECONCILE = 10;
const TEMPLATE = 'talktime_simulation';

export interface Simulated {
	seeds: number;
	/** Commands decided and committed. */
	steps: number;
	calls: number;
}

/**
 * Runs the pure core for at least so many commands.
 * @param onProgress told about every thousandth seed
 * @throws SimulationFailure of the first seed that fails
 */
export async function simulatePure(
	from: number,
	steps: number,
	onProgress: (done: Simulated) => void = () => {}
): Promise<Simulated> {
	const done = { seeds: 0, steps: 0, calls: 0 };
	for (let seed = from; done.steps < steps; seed++) {
		add(done, await runPure({ seed }));
		if (done.seeds % 1000 === 0) onProgress(done);
	}
	return done;
}

/**
 * Runs seeds on a Postgres of their own.
 * @param onProgress told about every hundredth seed
 * @throws SimulationFailure of the first seed that fails
 */
export async function simulatePostgres(
	from: number,
	count: number,
	onProgress: (done: Simulated) => void = () => {},
	onLine?: (line: string) => void
): Promise<Simulated> {
	const server = await startGuardedPostgres({
		settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
		database: TEMPLATE,
		seedsDemo: false
	});
	const admin = postgres(server.adminUrl, { max: 1, onnotice: () => {} });
	const done = { seeds: 0, steps: 0, calls: 0 };
	try {
		while (done.seeds < count) {
			const name = `simulation_${done.seeds}`;
			await admin`create database ${admin(name)} template ${admin(TEMPLATE)}`;
			const url = new URL(server.adminUrl);
			url.pathname = `/${name}`;
			const ground = Ground.open(url.href);
			try {
				const seeds = Math.min(SEEDS_PER_DATABASE, count - done.seeds);
				for (let index = 1; index <= seeds; index++) {
					const isReconciled = index % SEEDS_PER_RECONCILE === 0 || index === seeds;
					const seed = from + done.seeds;
					add(done, await runPostgres(ground, { seed, onLine }, isReconciled));
				}
			} finally {
				await ground.close();
			}
			await admin`drop database ${admin(name)} with (force)`;
			onProgress(done);
		}
		return done;
	} finally {
		await admin.end();
		await server.remove();
	}
}

function add(done: Simulated, { steps, calls }: { steps: number; calls: number }): void {
	done.seeds++;
	done.steps += steps;
	done.calls += calls;
}
