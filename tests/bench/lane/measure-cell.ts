import type postgres from 'postgres';
import { findCpuMs, findFamilyCpuMs, findMachineBusyMs } from '../support/process-cpu';
import type { BenchPostgres, OrganizationCount } from './bench-database';
import { CALLBACKS_PER_CALL } from './callbacks';
import type { LoadGenerator, LoadResult } from './load';
import type { BenchServer } from './servers';

export interface Cell {
	server: BenchServer;
	organizations: OrganizationCount;
	callers: number;
}

/** CPU times are milliseconds per callback; shares are of one core. Null where there is no /proc. */
export interface Measurement {
	callbacksPerSecond: number;
	p50Ms: number;
	p99Ms: number;
	appCpuMs: number | null;
	postgresCpuMs: number | null;
	generatorCpuMs: number;
	appShare: number | null;
	postgresShare: number | null;
	generatorShare: number;
	/** Taken by programs that are none of ours: the noise of the machine. */
	othersShare: number | null;
	callbacksPerTransaction: number;
}

export interface CellTimes {
	leadInMs: number;
	measuredMs: number;
}

/** More callbacks than this per second no server here has answered; calls left over are used later. */
const CALLBACKS_PER_SECOND_MAX = 6_000;

/** Runs one cell. `load` tells what was sent in all, for the check of the books. */
export async function measureCell(
	bench: { postgres: BenchPostgres; generator: LoadGenerator },
	cell: Cell,
	times: CellTimes
): Promise<{ measurement: Measurement; load: LoadResult }> {
	const { server, organizations, callers } = cell;
	const database = bench.postgres[server.kind];
	const seconds = (times.leadInMs + times.measuredMs) / 1000;
	const callbacks = seconds * CALLBACKS_PER_SECOND_MAX;
	const supply = database.supplies[organizations];
	const calls = await supply.findReady(Math.ceil(callbacks / CALLBACKS_PER_CALL) + 2 * callers);

	const startedAtMs = Date.now();
	const snap = () => readCpu(server.pid, bench.postgres.pid);
	let before = snap();
	let after = before;
	const load = await bench.generator.run(
		{ endpoint: server.endpoint, calls, callers, ...times },
		{ opened: () => (before = snap()), closed: () => (after = snap()) }
	);
	supply.useUp(load.usedCalls);

	const spent = (name: keyof CpuSnapshot) => {
		const [from, to] = [before[name], after[name]];
		return from === null || to === null ? null : to - from;
	};
	const { measuredMs, measuredCallbacks, generatorCpuMs } = load;
	const [appMs, postgresMs, machineMs] = [spent('app'), spent('postgres'), spent('machine')];
	const othersMs =
		appMs === null || postgresMs === null || machineMs === null
			? null
			: Math.max(0, machineMs - appMs - postgresMs - generatorCpuMs);
	const perCallback = (ms: number | null) => (ms === null ? null : ms / measuredCallbacks);
	const shareOf = (ms: number | null) => (ms === null ? null : ms / measuredMs);
	const measurement: Measurement = {
		callbacksPerSecond: (measuredCallbacks / measuredMs) * 1000,
		p50Ms: load.p50Ms,
		p99Ms: load.p99Ms,
		appCpuMs: perCallback(appMs),
		postgresCpuMs: perCallback(postgresMs),
		generatorCpuMs: generatorCpuMs / measuredCallbacks,
		appShare: shareOf(appMs),
		postgresShare: shareOf(postgresMs),
		generatorShare: generatorCpuMs / measuredMs,
		othersShare: shareOf(othersMs),
		callbacksPerTransaction: await readBatchSize(database.sql, startedAtMs)
	};
	return { measurement, load };
}

interface CpuSnapshot {
	app: number | null;
	postgres: number | null;
	machine: number | null;
}

function readCpu(appPid: number, postgresPid: number): CpuSnapshot {
	return {
		app: findCpuMs(appPid),
		postgres: findFamilyCpuMs(postgresPid),
		machine: findMachineBusyMs()
	};
}

/** Every row carries the transaction that inserted it; ids are of version 7, and begin with the time. */
async function readBatchSize(sql: postgres.Sql, sinceMs: number): Promise<number> {
	const time = sinceMs.toString(16).padStart(12, '0');
	const firstId = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
	const [row] = await sql<{ deliveries: number; transactions: number }[]>`
		select count(*)::int as deliveries, count(distinct xmin::text)::int as transactions
		from deliveries where id >= ${firstId}`;
	return row && row.transactions > 0 ? row.deliveries / row.transactions : NaN;
}
