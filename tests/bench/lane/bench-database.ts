import postgres from 'postgres';
import { startGuardedPostgres } from '../../support/guarded-postgres';
import { median } from '../support/statistics';
import { CallSupply, createOrganizations } from './call-supply';
import { FROM_NUMBER } from './servers';

/** How many organisations the calls are spread over. */
export const ORGANIZATION_COUNTS = [1, 200] as const;
export type OrganizationCount = (typeof ORGANIZATION_COUNTS)[number];

/** One database per kind of server, in one PostgreSQL, so that neither reads what the other wrote. */
export interface BenchDatabase {
	url: string;
	sql: postgres.Sql;
	supplies: Record<OrganizationCount, CallSupply>;
}

export interface BenchPostgres {
	pid: number;
	version: string;
	/** Of a transaction that changes one row, alone on the server. */
	commitMs: number;
	lane: BenchDatabase;
	interactive: BenchDatabase;
	/** Empty. */
	pgbenchUrl: string;
	dataDir: string;
	stop(): Promise<void>;
}

/** PostgreSQL with the settings of `npm start`, durability included. */
export async function startBenchPostgres(): Promise<BenchPostgres> {
	const server = await startGuardedPostgres({
		// Servers with pools of several sizes are up at once.
		settings: { max_connections: '200' },
		database: 'bench_lane',
		seedsDemo: false
	});
	const opened: postgres.Sql[] = [];
	const open = (url: string) => {
		const sql = postgres(url, { max: 1, onnotice: () => {} });
		opened.push(sql);
		return sql;
	};
	const admin = open(server.adminUrl);
	const organizationIds = await fillOrganizations(server.databaseUrl);
	await admin`create database bench_interactive template bench_lane`;
	await admin`create database bench_pgbench`;
	const openDatabase = (name: string): BenchDatabase => {
		const url = urlOf(server.adminUrl, name);
		const sql = open(url);
		const supplyOf = (count: OrganizationCount) =>
			new CallSupply(sql, organizationIds[count], FROM_NUMBER);
		return { url, sql, supplies: { 1: supplyOf(1), 200: supplyOf(200) } };
	};
	const lane = openDatabase('bench_lane');
	const [about] = await admin<{ pid: number; version: string }[]>`
		select split_part(pg_read_file('postmaster.pid'), E'\n', 1)::int as pid,
			current_setting('server_version') as version`;
	return {
		pid: about?.pid ?? 0,
		version: about?.version ?? '',
		commitMs: await measureCommit(lane.sql),
		lane,
		interactive: openDatabase('bench_interactive'),
		pgbenchUrl: urlOf(server.adminUrl, 'bench_pgbench'),
		dataDir: server.dataDir,
		async stop() {
			await Promise.all(opened.map((sql) => sql.end({ timeout: 2 })));
			await server.remove();
		}
	};
}

/** Its connection is closed afterwards: a database that is in use cannot be a template. */
async function fillOrganizations(url: string): Promise<Record<OrganizationCount, number[]>> {
	const sql = postgres(url, { max: 1, onnotice: () => {} });
	try {
		return { 1: await createOrganizations(sql, 1), 200: await createOrganizations(sql, 200) };
	} finally {
		await sql.end();
	}
}

async function measureCommit(sql: postgres.Sql): Promise<number> {
	await sql`create table bench_commits (n int)`;
	const timesMs: number[] = [];
	for (let n = 0; n < 50; n++) {
		const startedAt = performance.now();
		await sql`insert into bench_commits values (${n})`;
		timesMs.push(performance.now() - startedAt);
	}
	await sql`drop table bench_commits`;
	return median(timesMs);
}

function urlOf(adminUrl: string, database: string): string {
	const url = new URL(adminUrl);
	url.pathname = `/${database}`;
	return url.href;
}
