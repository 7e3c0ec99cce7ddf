/**
 * Two processes of the built app and a worker on one PostgreSQL that is none of ours. Requests go to both in
 * turn, as a simple balancer sends them; one process after the other is killed under load. It has recovered
 * when a callback is stored again, by whichever process; how long the killed one takes to be back beside the
 * load that the other one bears is told apart.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { migrateDatabase } from '$lib/server/db/migrate';
import { median } from '../bench/support/statistics';
import { Random } from '../simulation/random';
import { Carrier } from './carrier';
import { startExternalPostgres } from './external-postgres';
import type { FaultReport } from './fault-report';
import { describeApp, makeDataDir, type AppProcess } from './fault-stack';
import { FaultLoad } from './load';
import { measureRecovery } from './recovery';

const KILLS = 6;
const RUN_MS = { least: 800, most: 2_000 };

export interface TwoProcessesReport extends FaultReport {
	server: string;
	/** What the app signs in as. */
	isSuperuser: boolean;
	/** Tables whose rows are guarded also from their owner. */
	guardedTables: number;
	/** How long those that were killed took until they were ready. */
	restart: { p50Ms: number; maxMs: number };
}

interface Fleet {
	carrier: Carrier;
	web: [AppProcess, AppProcess];
	worker: AppProcess;
}

export async function runTwoProcesses(
	seed: number,
	onProgress: (line: string) => void
): Promise<TwoProcessesReport> {
	const stops: (() => Promise<unknown>)[] = [];
	const random = new Random(seed);
	try {
		onProgress('starting a PostgreSQL of its own, two processes and a worker');
		const server = await startExternalPostgres();
		stops.push(() => server.stop());
		await migrateDatabase(server.url);
		const fleet = await startFleet(server.url, random, stops);
		const load = await FaultLoad.open({
			databaseUrl: server.url,
			carrier: fleet.carrier,
			random,
			chooseTarget: inTurn(fleet.web)
		});
		stops.push(() => load.close());
		const restartsMs = await killUnderLoad(fleet, load, random, onProgress);
		const report = await load.audit('two processes', seed, true);
		const restart = {
			p50Ms: Math.round(median(restartsMs)),
			maxMs: Math.round(Math.max(...restartsMs))
		};
		return { ...report, server: server.version, ...(await readGuards(load)), restart };
	} finally {
		for (const stop of stops.reverse()) await stop();
	}
}

async function startFleet(
	databaseUrl: string,
	random: Random,
	stops: (() => Promise<unknown>)[]
): Promise<Fleet> {
	const carrier = await Carrier.open(random.fork(1));
	stops.push(() => carrier.close());
	const dataDir = makeDataDir(stops);
	const shared = { databaseUrl, carrierUrl: carrier.url, account: carrier.account, dataDir };
	// The address people know; the balancer behind it is the load itself.
	const origin = 'http://talktime.localhost';
	const describe = (name: string, isWorker: boolean) =>
		describeApp({ ...shared, name, origin, env: { TALKTIME_WORKER: isWorker ? '1' : '0' } });
	const worker = await describe('worker', true);
	const web: Fleet['web'] = [await describe('web-1', false), await describe('web-2', false)];
	for (const app of [worker, ...web]) {
		await app.start();
		stops.push(() => app.stop());
	}
	return { carrier, web, worker };
}

/** One after the other, whether it runs or not: who is refused asks again and reaches the other. */
function inTurn([first, second]: Fleet['web']): () => string {
	let turn = 0;
	return () => (turn++ % 2 === 0 ? first : second).address;
}

/** @returns how long each took until it was ready again */
async function killUnderLoad(
	{ web: [first, second], worker }: Fleet,
	load: FaultLoad,
	random: Random,
	onProgress: (line: string) => void
): Promise<number[]> {
	const processes = { first, second, worker };
	const restartsMs: number[] = [];
	load.start();
	for (let kill = 1; kill <= KILLS; kill++) {
		await pause(random.between(RUN_MS.least, RUN_MS.most));
		const name = random.pick(['first', 'second', 'first', 'second', 'worker'] as const);
		const survivor = name === 'first' ? second : first;
		await processes[name].kill();
		const endedAtMs = performance.now();
		const started = processes[name].start().then(() => performance.now() - endedAtMs);
		const recoveryMs = await measureRecovery(endedAtMs, survivor.address, load.sender);
		const restartMs = await started;
		restartsMs.push(restartMs);
		load.report.addCycle({ kind: `kill_${name}`, recoveryMs: recoveryMs ?? Infinity });
		await load.check();
		const [served, back] = [recoveryMs ?? Infinity, restartMs].map(Math.round);
		onProgress(
			`${kill}. killed the ${name} process: served after ${served} ms, back after ${back} ms`
		);
	}
	await load.stop();
	await worker.stop();
	await worker.start();
	onProgress('waiting for the last calls to be settled');
	await load.settle(true);
	load.report.addFindings({ wrong: [first, second, worker].flatMap(({ falls }) => falls) });
	return restartsMs;
}

async function readGuards({ sql }: FaultLoad) {
	const [row] = await sql<{ isSuperuser: boolean; guardedTables: number }[]>`
		select rolsuper or rolbypassrls as "isSuperuser",
			(select count(*)::int from pg_class where relforcerowsecurity) as "guardedTables"
		from pg_roles where rolname = current_user`;
	return { isSuperuser: row?.isSuperuser ?? true, guardedTables: row?.guardedTables ?? 0 };
}
