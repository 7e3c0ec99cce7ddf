/** The call history at scale: how fast its figures, tables and exports are, and what callbacks lose meanwhile. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { ensureBuilt } from '../../../scripts/support/build.mjs';
import { getAnalytics } from '$lib/server/analytics/get-analytics';
import { countsOfCalls } from '$lib/server/analytics/breakdown-rows';
import { getBreakdowns } from '$lib/server/analytics/get-breakdowns';
import { refreshTopNumbers } from '$lib/server/analytics/top-numbers';
import { createToken } from '$lib/server/auth/create-token';
import { listCalls } from '$lib/server/calls/list-calls';
import { readConfig } from '$lib/server/config';
import { createContext, type Context } from '$lib/server/context';
import { createLog } from '$lib/server/log';
import { createServices, type Services } from '$lib/server/services';
import type { ListCallsInput } from '$lib/inputs';
import { startGuardedPostgres } from '../../support/guarded-postgres';
import { CallSupply, createOrganizations } from '../lane/call-supply';
import { LoadGenerator } from '../lane/load';
import { FROM_NUMBER, startServer, type BenchServer } from '../lane/servers';
import { loadCalls } from './load-calls';
import { download, timesOf, type Download, type Times } from './measure';

export interface AnalyticsBenchOptions {
	/** In all, and in the one big organisation. */
	calls: number;
	inFirst: number;
	onProgress: (line: string) => void;
}

export interface AnalyticsReport {
	calls: number;
	inFirst: number;
	loadSeconds: number;
	analytics: Times;
	breakdowns: Times;
	rawMs: number;
	/** Name of the page, times. */
	pages: [string, Times][];
	export: Download;
	callbacks: { aloneWith: number; whileExporting: number; lost: number };
}

const OTHERS = 40;
const DAYS = 365;
const EMAIL = 'bench-manager@fixture.example';
const MEASURED_MS = 4_000;
const CALLERS = 32;
const CALLS_FOR_A_RUN = 8_000;
const FIRST_JOBS_MS_MAX = 900_000;

export async function runAnalyticsBench(options: AnalyticsBenchOptions): Promise<AnalyticsReport> {
	const stops: (() => unknown)[] = [];
	try {
		await ensureBuilt();
		return await runWith(options, stops);
	} finally {
		for (const stop of stops.reverse()) await stop();
	}
}

async function runWith(
	{ calls, inFirst, onProgress }: AnalyticsBenchOptions,
	stops: (() => unknown)[]
): Promise<AnalyticsReport> {
	onProgress('starting PostgreSQL');
	const server = await startGuardedPostgres({
		settings: { max_wal_size: '8GB' },
		database: 'bench_analytics',
		seedsDemo: false
	});
	stops.push(() => server.remove());
	const sql = postgres(server.databaseUrl, { max: 1, onnotice: () => {} });
	stops.push(() => sql.end({ timeout: 2 }));
	const organizationIds = await createOrganizations(sql, 1 + OTHERS);
	const callbackIds = await createOrganizations(sql, 1);
	const [first = 0] = organizationIds;
	const loadSeconds = await loadCalls(sql, {
		organizationIds,
		calls,
		days: DAYS,
		onProgress
	});

	const services = createServices(
		readConfig({ DATABASE_URL: server.databaseUrl, LOG_LEVEL: 'silent' }),
		{ log: createLog('silent'), providers: {} }
	);
	stops.push(() => services.close());
	const commandLine = createContext(services, { kind: 'command_line' });
	onProgress('counting top numbers');
	await refreshTopNumbers({ ctx: commandLine });
	const ctx = await managerOf(sql, services, first);

	onProgress('analytics');
	const input = { days: DAYS } as const;
	const analytics = await timesOf(100, () => getAnalytics({ ctx, input }));
	const breakdowns = await timesOf(50, () => getBreakdowns({ ctx, input }));
	const rawMs = (await timesOf(1, () => countRaw(sql, first), 2)).p50Ms;
	onProgress('pages and searches');
	const pages = await measurePages(ctx);

	const logDir = path.join(server.dataDir, 'logs');
	mkdirSync(logDir);
	const app = await startServer({
		kind: 'lane',
		databaseUrl: server.databaseUrl,
		poolSize: 6,
		logDir
	});
	stops.push(() => app.stop());
	const { token } = await createToken({ ctx: commandLine, input: { email: EMAIL, name: 'bench' } });
	const url = `${app.endpoint.origin}/api/exports/calls?days=${DAYS}`;
	const generator = LoadGenerator.start();
	stops.push(() => generator.stop());
	const supply = new CallSupply(sql, callbackIds, FROM_NUMBER);
	onProgress("the app's first jobs");
	await untilJobsRest(sql);
	onProgress('callbacks alone');
	await runCallbacks(generator, app, supply, 1_000);
	const alone = await runCallbacks(generator, app, supply, MEASURED_MS);
	onProgress('export');
	await download(`${url}&status=cancelled`, token, app.pid);
	const exported = await download(url, token, app.pid);
	onProgress('callbacks while exporting');
	const stop = new AbortController();
	const exporting = keepExporting(url, token, stop.signal);
	const meanwhile = await runCallbacks(generator, app, supply, MEASURED_MS);
	stop.abort();
	await exporting;
	return {
		calls,
		inFirst,
		loadSeconds,
		analytics,
		breakdowns,
		rawMs,
		pages,
		export: exported,
		callbacks: { aloneWith: alone, whileExporting: meanwhile, lost: 1 - meanwhile / alone }
	};
}

/** An app that was never on has a year of reports to seal: what is measured is one that has done so. */
async function untilJobsRest(sql: postgres.Sql): Promise<void> {
	const deadline = performance.now() + FIRST_JOBS_MS_MAX;
	for (let quietLooks = 0; quietLooks < 5; await delay(500)) {
		if (performance.now() > deadline) throw new Error("The app's first jobs take too long.");
		const [row] = await sql<{ due: number }[]>`
			select count(*)::int as due from graphile_worker.jobs
			where task_identifier in ('seal_reports', 'refresh_top_numbers', 'count_calls')
				and (locked_at is not null or (run_at <= now() and attempts < max_attempts))`;
		quietLooks = row?.due === 0 ? quietLooks + 1 : 0;
	}
}

/** A manager of the organisation, as the app's hooks would know them. */
async function managerOf(
	sql: postgres.Sql,
	services: Services,
	organizationId: number
): Promise<Context> {
	const [row] = await sql<{ id: string; organization_name: string }[]>`
		insert into users (id, organization_id, email, name, password_hash, role)
		values (gen_random_uuid(), ${organizationId}, ${EMAIL}, 'Manager', 'none', 'manager')
		returning id, (select name from organizations where id = ${organizationId}) as organization_name`;
	return createContext(services, {
		kind: 'person',
		person: {
			userId: row?.id ?? '',
			role: 'manager',
			name: 'Manager',
			email: EMAIL,
			organizationId,
			organizationName: row?.organization_name ?? '',
			phone: null
		}
	});
}

/** The same figures without any row that was kept. */
async function countRaw(sql: postgres.Sql, organizationId: number): Promise<void> {
	await sql`
		select local_day, country, ${countsOfCalls(sql)} from calls c
		where organization_id = ${organizationId} and ended_at is not null
			and local_day > (now() at time zone 'UTC')::date - ${DAYS}::int
		group by grouping sets ((), (local_day), (country))`;
}

async function measurePages(ctx: Context): Promise<[string, Times][]> {
	const base: ListCallsInput = { days: DAYS, limit: 50 };
	const [newest, middle] = await Promise.all([
		listCalls({ ctx, input: base }),
		listCalls({ ctx, input: { ...base, limit: 1, ...monthsAgo(ctx.nowMs, 6) } })
	]);
	const number = middle.rows[0]?.to ?? '';
	const pages: [string, ListCallsInput][] = [
		['first page', base],
		['second page', { ...base, cursor: newest.nextCursor ?? undefined }],
		['page half a year back', { ...base, cursor: middle.rows[0]?.id }],
		['failed and busy', { ...base, status: 'failed', endReason: 'busy' }],
		['one country', { ...base, country: 'IN' }],
		['weekday and hour', { ...base, weekday: 2, hour: 14 }],
		['whole number', { ...base, search: number }],
		['part of a number', { ...base, search: number.slice(-6) }],
		['name nobody has', { ...base, search: 'nobody' }],
		['nothing fits', { ...base, status: 'ringing' }]
	];
	const measured: [string, Times][] = [];
	for (const [name, input] of pages) {
		measured.push([name, await timesOf(60, () => listCalls({ ctx, input }))]);
	}
	return measured;
}

function monthsAgo(nowMs: number, months: number) {
	const day = new Date(nowMs - months * 30 * 86_400_000).toISOString().slice(0, 10);
	return { days: undefined, from: day, to: day };
}

/** @returns callbacks per second */
async function runCallbacks(
	generator: LoadGenerator,
	app: BenchServer,
	supply: CallSupply,
	measuredMs: number
): Promise<number> {
	const calls = await supply.findReady(CALLS_FOR_A_RUN);
	const plan = { endpoint: app.endpoint, calls, callers: CALLERS, leadInMs: 500, measuredMs };
	const load = await generator.run(plan, { opened: () => {}, closed: () => {} });
	supply.useUp(load.usedCalls);
	if (load.refusals > 0) throw new Error(`Callbacks were refused: ${load.firstRefusal}`);
	return (load.measuredCallbacks / load.measuredMs) * 1000;
}

async function keepExporting(url: string, token: string, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		try {
			const headers = { authorization: `Bearer ${token}` };
			const response = await fetch(url, { headers, signal });
			for await (const _chunk of response.body ?? []) if (signal.aborted) break;
		} catch (error) {
			if (!signal.aborted) throw error;
		}
	}
}
