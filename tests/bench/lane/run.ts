/** Signed Twilio callbacks per second, applied and answered: the lane against a transaction per callback. */
import { mkdirSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../../../scripts/support/build.mjs';
import { findPgbench, preparePgbench, runPgbench, type PgbenchResult } from '../support/pgbench';
import { ORGANIZATION_COUNTS, startBenchPostgres, type OrganizationCount } from './bench-database';
import { findFaults, Sent } from './books';
import { LoadGenerator } from './load';
import { measureCell, type Cell, type CellTimes } from './measure-cell';
import { summarize, type CellReport, type LaneReport } from './lane-report';
import { startServer, type BenchServer, type ServerKind } from './servers';

export interface LaneBenchOptions {
	isQuick: boolean;
	/** Told what is being done, a line at a time. */
	onProgress: (line: string) => void;
}

const CALLERS = [8, 64, 256];
/** The pool the app has by default, and the sizes in which the best for the other server is looked for. */
const POOL_SIZE = 6;
const POOL_SIZES = { quick: [3, 12], full: [2, 4, 10, 20] };
const SCAN_CALLERS = 64;
/** The cell that is measured at least three times, also in a quick run. */
const NOISE_CELL = { organizations: 1, callers: 64 };
const TMPFS_MAGIC = 0x01021994;

export async function runLaneBench(options: LaneBenchOptions): Promise<LaneReport> {
	const stops: (() => unknown)[] = [];
	try {
		await ensureBuilt();
		return await runWith(options, stops);
	} finally {
		for (const stop of stops.reverse()) await stop();
	}
}

async function runWith(
	{ isQuick, onProgress }: LaneBenchOptions,
	stops: (() => unknown)[]
): Promise<LaneReport> {
	const startedAtMs = performance.now();
	onProgress('starting PostgreSQL and making calls');
	const postgres = await startBenchPostgres();
	stops.push(() => postgres.stop());
	const generator = LoadGenerator.start();
	stops.push(() => generator.stop());
	const logDir = path.join(postgres.dataDir, 'logs');
	mkdirSync(logDir);

	const sent = { lane: new Sent(), interactive: new Sent() };
	const bench = { postgres, generator };
	const measure = async (cell: Cell, times: CellTimes) => {
		const { measurement, load } = await measureCell(bench, cell, times);
		sent[cell.server.kind].add(load);
		const rate = Math.round(measurement.callbacksPerSecond);
		onProgress(`${nameOf(cell)}: ${rate} callbacks/s`);
		if (load.refusals > 0) onProgress(`refused: ${load.firstRefusal}${cell.server.readLogEnd()}`);
		return measurement;
	};
	const start = async (kind: ServerKind, poolSize: number): Promise<BenchServer> => {
		const server = await startServer({ kind, poolSize, logDir, databaseUrl: postgres[kind].url });
		stops.push(() => server.stop());
		await measure(
			{ server, organizations: 200, callers: 64 },
			{ leadInMs: 200, measuredMs: isQuick ? 1_000 : 2_000 }
		);
		return server;
	};

	// Fresh calls for both, so that the first check sees open holds and counters that stand for them.
	for (const database of [postgres.lane, postgres.interactive]) {
		for (const count of ORGANIZATION_COUNTS) await database.supplies[count].findReady(1);
	}
	const faults = [
		...(await findFaults('lane, before', postgres.lane, sent.lane)),
		...(await findFaults('interactive, before', postgres.interactive, sent.interactive))
	];

	onProgress('warming up');
	const lane = await start('lane', POOL_SIZE);
	const interactive = await start('interactive', POOL_SIZE);

	onProgress('looking for the best pool of the interactive server');
	const best = await findBestPools(
		[interactive, ...(await startAll(isQuick ? POOL_SIZES.quick : POOL_SIZES.full, start))],
		(cell) => measure(cell, { leadInMs: 200, measuredMs: isQuick ? 700 : 1_500 })
	);

	const times = { leadInMs: 300, measuredMs: isQuick ? 1_200 : 2_500 };
	const cells = ORGANIZATION_COUNTS.flatMap((organizations) =>
		CALLERS.flatMap((callers) =>
			[...new Set([lane, interactive, best[organizations]])].map((server): CellReport => ({
				cell: { server, organizations, callers },
				measurements: []
			}))
		)
	);
	const pgbenchVersion = await findPgbench();
	const pgbench: PgbenchResult[] = [];
	if (pgbenchVersion) await preparePgbench(postgres.pgbenchUrl);
	for (let round = 1; round <= (isQuick ? 1 : 3); round++) {
		for (const { cell, measurements } of cells) measurements.push(await measure(cell, times));
		if (!pgbenchVersion) continue;
		for (const protocol of ['simple', 'prepared'] as const) {
			onProgress(`pgbench, ${protocol}`);
			pgbench.push(await runPgbench(postgres.pgbenchUrl, protocol, isQuick ? 2 : 3));
		}
	}
	const noisy = cells.find(({ cell }) => isNoiseCell(cell));
	while (noisy && noisy.measurements.length < 3) {
		noisy.measurements.push(await measure(noisy.cell, times));
	}

	onProgress('checking the books');
	faults.push(
		...(await findFaults('lane', postgres.lane, sent.lane)),
		...(await findFaults('interactive', postgres.interactive, sent.interactive))
	);
	return summarize({
		machine: {
			cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
			cores: os.availableParallelism(),
			node: process.versions.node,
			postgres: postgres.version,
			commitMs: postgres.commitMs,
			isDiskReal: statfsSync(postgres.dataDir).type !== TMPFS_MAGIC
		},
		cells,
		best,
		poolSize: POOL_SIZE,
		pgbenchVersion,
		pgbench,
		callbacks: sent.lane.callbacks + sent.interactive.callbacks,
		faults,
		seconds: (performance.now() - startedAtMs) / 1000
	});
}

async function startAll(
	poolSizes: number[],
	start: (kind: ServerKind, poolSize: number) => Promise<BenchServer>
): Promise<BenchServer[]> {
	const servers: BenchServer[] = [];
	for (const poolSize of poolSizes) servers.push(await start('interactive', poolSize));
	return servers;
}

/** The fastest pool for each number of organisations; the other servers are stopped. */
async function findBestPools(
	servers: BenchServer[],
	measure: (cell: Cell) => Promise<{ callbacksPerSecond: number }>
): Promise<Record<OrganizationCount, BenchServer>> {
	const fastest = async (organizations: OrganizationCount) => {
		const ranked: { server: BenchServer; rate: number }[] = [];
		for (const server of servers) {
			const { callbacksPerSecond } = await measure({
				server,
				organizations,
				callers: SCAN_CALLERS
			});
			ranked.push({ server, rate: callbacksPerSecond });
		}
		const [first] = ranked.sort((one, other) => other.rate - one.rate);
		if (!first) throw new Error('There is no server to compare.');
		return first.server;
	};
	const best = { 1: await fastest(1), 200: await fastest(200) };
	const idle = servers.filter(
		(server) => ![best[1], best[200]].includes(server) && server.poolSize !== POOL_SIZE
	);
	for (const server of idle) await server.stop();
	return best;
}

function isNoiseCell({ server, organizations, callers }: Cell): boolean {
	return (
		server.kind === 'lane' &&
		organizations === NOISE_CELL.organizations &&
		callers === NOISE_CELL.callers
	);
}

function nameOf({ server, organizations, callers }: Cell): string {
	const pool = server.kind === 'lane' ? '' : ` (pool ${server.poolSize})`;
	return `${server.kind}${pool}, ${organizations} organisations, ${callers} callers`;
}
