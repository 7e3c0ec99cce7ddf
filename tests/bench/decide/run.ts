/**
 * How long a decision takes on an idle system, asked through tRPC as the browser asks: the check alone, check
 * and hold of a call from the browser (committed, nothing dialled yet), and a refusal, which is stored too.
 * Each call is given up, as its agent would, before the next one is placed, outside the time that is measured.
 * What the machine itself takes for an empty request and for a commit is measured in between.
 * An idle system is one that waits for work, not one that has just started: the first requests are not counted,
 * and the tables have statistics, as autovacuum takes them within a minute.
 */
import { mkdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import postgres from 'postgres';
import { v7 as uuid } from 'uuid';
import { ensureBuilt } from '../../../scripts/support/build.mjs';
import { createTokenFor, runTalktime } from '../../support/command-line';
import { startGuardedPostgres } from '../../support/guarded-postgres';
import { createTenant } from '../../support/tenant';
import { startServer, type BenchServer } from '../lane/servers';
import { exchange, openSocket } from '../support/exchange';
import { percentile } from '../support/statistics';
import { formatGuardCost, measureGuard, type GuardCost } from './guard';

export interface Latencies {
	name: string;
	requests: number;
	p50Ms: number;
	p99Ms: number;
	maxMs: number;
}

export interface DecideReport {
	latencies: Latencies[];
	/** What nothing that is asked and committed can go below on this machine, measured between the placings. */
	floor: { requestP50Ms: number; commitP50Ms: number };
	/** The toll-fraud guard's share, without a request around it. */
	guard: GuardCost;
	/** What is wrong with what was answered or with the books. */
	faults: string[];
}

/** What a decision may take (issue 3). */
export const P50_MS_MAX = 5;
export const P99_MS_MAX = 20;

const MINUTES = 1_000_000;
const WARM_UP = 1_000;

interface Asker {
	/** Stays open, as a browser's does. */
	connection: Socket;
	host: string;
	/** Null: asks as nobody. */
	token: string | null;
	organizationId: number;
}

export async function runDecideBench(options: {
	isQuick: boolean;
	onProgress: (line: string) => void;
}): Promise<DecideReport> {
	const { isQuick, onProgress } = options;
	const requests = isQuick ? 200 : 1_000;
	await ensureBuilt();
	onProgress('starting PostgreSQL and the built app');
	const guarded = await startGuardedPostgres({
		settings: {},
		database: 'bench_decide',
		seedsDemo: false
	});
	const sql = postgres(guarded.databaseUrl, { max: 1, onnotice: () => {} });
	let server: BenchServer | null = null;
	let connection: Socket | null = null;
	try {
		const logDir = path.join(guarded.dataDir, 'logs');
		mkdirSync(logDir);
		const rich = await createTenant(sql, guarded.databaseUrl, { name: 'Rich', minutes: MINUTES });
		const poor = await createTenant(sql, guarded.databaseUrl, { name: 'Poor' });
		// What is measured is the decision, not the ramp that a new organisation is held to.
		await sql`update organizations set is_trusted = true`;
		server = await startServer({
			kind: 'lane',
			databaseUrl: guarded.databaseUrl,
			poolSize: 6,
			logDir,
			env: {
				TWILIO_API_KEY_SID: `SK${'0'.repeat(32)}`,
				TWILIO_API_KEY_SECRET: 'never used here',
				TWILIO_TWIML_APP_SID: `AP${'0'.repeat(32)}`
			}
		});
		const { origin, port } = server.endpoint;
		const tokenOf = (tenant: { agentEmail: string }) =>
			createTokenFor(guarded.databaseUrl, tenant.agentEmail);
		const [richToken, poorToken] = [await tokenOf(rich), await tokenOf(poor)];
		// Opened last: the app closes a connection that is silent for some seconds.
		connection = await openSocket(port);
		const app = { connection, host: new URL(origin).host };
		const caller: Asker = { ...app, token: richToken, organizationId: rich.id };
		const refused: Asker = { ...app, token: poorToken, organizationId: poor.id };
		await sql`create table bench_floor (n int)`;
		const emptyMs: number[] = [];
		const commitMs: number[] = [];
		const measured: [string, (n: number) => Promise<number>][] = [
			['check', () => timeCheck(caller)],
			[
				'check and hold',
				async (n) => {
					const tookMs = await timePlacing(caller, n);
					const floorMs = [await timeEmpty(caller), await timeCommit(sql, n)] as const;
					if (n >= WARM_UP) {
						emptyMs.push(floorMs[0]);
						commitMs.push(floorMs[1]);
					}
					return tookMs;
				}
			],
			['refusal', (n) => timeRefusal(refused, n)]
		];
		const latencies: Latencies[] = [];
		for (const [name, time] of measured) {
			onProgress(`${name}: ${requests} requests, one after the other`);
			for (let n = 0; n < WARM_UP; n++) await time(n);
			await sql`analyze`;
			latencies.push(await measure(name, requests, time));
		}
		return {
			latencies,
			floor: { requestP50Ms: medianOf(emptyMs), commitP50Ms: medianOf(commitMs) },
			guard: measureGuard(),
			faults: await findFaults(sql, guarded.databaseUrl, requests)
		};
	} finally {
		connection?.destroy();
		await server?.stop();
		await sql.end();
		await guarded.remove();
	}
}

async function measure(
	name: string,
	requests: number,
	time: (n: number) => Promise<number>
): Promise<Latencies> {
	const timesMs: number[] = [];
	for (let n = WARM_UP; n < WARM_UP + requests; n++) timesMs.push(await time(n));
	return {
		name,
		requests,
		p50Ms: medianOf(timesMs),
		p99Ms: percentile(timesMs, 0.99),
		maxMs: timesMs.at(-1) ?? NaN
	};
}

/** Sorts the times. */
function medianOf(timesMs: number[]): number {
	timesMs.sort((one, other) => one - other);
	return percentile(timesMs, 0.5);
}

async function timeEmpty(asker: Asker): Promise<number> {
	return (await ask({ ...asker, token: null }, '/healthz')).tookMs;
}

async function timeCommit(sql: postgres.Sql, n: number): Promise<number> {
	const startedAt = performance.now();
	await sql`insert into bench_floor values (${n})`;
	return performance.now() - startedAt;
}

async function timeCheck(asker: Asker): Promise<number> {
	const input = { organizationId: asker.organizationId, estimatedDurationMinutes: 3 };
	const query = `input=${encodeURIComponent(JSON.stringify(input))}`;
	const { tookMs } = await ask(asker, `/trpc/minutes.checkAvailability?${query}`);
	return tookMs;
}

async function timePlacing(asker: Asker, n: number): Promise<number> {
	const requestId = uuid();
	const { answer, tookMs } = await ask(asker, '/trpc/calls.place', placingOf(requestId, n));
	if (!answer.includes('"placed":true')) throw new Error(`A call was not placed: ${answer}`);
	await endCall(asker, requestId);
	return tookMs;
}

async function timeRefusal(asker: Asker, n: number): Promise<number> {
	const { answer, tookMs } = await ask(asker, '/trpc/calls.place', placingOf(uuid(), n));
	if (!answer.includes('minutes_exhausted')) throw new Error(`A call was placed: ${answer}`);
	return tookMs;
}

function placingOf(requestId: string, n: number) {
	return { requestId, to: numberOf(n), device: 'browser' };
}

function numberOf(n: number): string {
	return `+1202${5_550_000 + n}`;
}

/** Asks as the browser does; what is timed begins when the request is written and ends when its answer is read. */
async function ask(
	{ connection, host, token }: Asker,
	address: string,
	input?: unknown
): Promise<{ answer: string; tookMs: number }> {
	const body = input === undefined ? '' : JSON.stringify(input);
	const head = [
		`${input === undefined ? 'GET' : 'POST'} ${address} HTTP/1.1`,
		`Host: ${host}`,
		'Connection: keep-alive',
		...(token === null ? [] : [`Authorization: Bearer ${token}`]),
		'Content-Type: application/json',
		`Content-Length: ${Buffer.byteLength(body)}`
	];
	const request = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
	const startedAt = performance.now();
	const answer = await exchange(connection, request);
	const tookMs = performance.now() - startedAt;
	if (answer.status !== 200) throw new Error(`${address}: ${answer.status} ${answer.body}`);
	return { answer: answer.body, tookMs };
}

/** Given up before the browser connected: the call ends and its hold is given back. */
async function endCall(asker: Asker, callId: string): Promise<void> {
	await ask(asker, '/trpc/calls.hangUp', { callId });
}

async function findFaults(
	sql: postgres.Sql,
	databaseUrl: string,
	requests: number
): Promise<string[]> {
	const [found] = await sql<{ live: number; ended: number; refused: number }[]>`
		select (select count(*)::int from calls where ended_at is null) as live,
			(select count(*)::int from calls where end_reason = 'cancelled') as ended,
			(select count(*)::int from blocks) as refused`;
	const expected = { live: 0, ended: requests + WARM_UP, refused: requests + WARM_UP };
	const faults =
		JSON.stringify(found) === JSON.stringify(expected)
			? []
			: [`There are ${JSON.stringify(found)} calls, expected ${JSON.stringify(expected)}.`];
	const { exitCode, stdout } = await runTalktime(databaseUrl, ['reconcile']);
	return exitCode === 0 ? faults : [...faults, `reconcile: ${stdout.trim()}`];
}

/** The report for people: a line each, with what was asked of it. */
export function formatDecideReport({ latencies, floor, guard, faults }: DecideReport): string {
	const lines = latencies.map(
		({ name, requests, p50Ms, p99Ms, maxMs }) =>
			`${name.padEnd(15)} ${String(requests).padStart(5)} requests  p50 ${p50Ms.toFixed(2)} ms  ` +
			`p99 ${p99Ms.toFixed(2)} ms  most ${maxMs.toFixed(2)} ms  ` +
			`(expected p50 ≤ ${P50_MS_MAX}, p99 ≤ ${P99_MS_MAX}: ${isQuickEnough({ p50Ms, p99Ms }) ? 'met' : 'NOT met'})`
	);
	const books =
		faults.length === 0
			? ['Books: every call ended, every refusal kept, reconcile clean.']
			: faults;
	return [...lines, formatFloor(floor, latencies), formatGuardCost(guard), ...books].join('\n');
}

/** The machine's part: what is left over is ours, whatever phase the machine is in. */
function formatFloor(
	{ requestP50Ms, commitP50Ms }: DecideReport['floor'],
	latencies: Latencies[]
): string {
	const placing = latencies.find(({ name }) => name === 'check and hold');
	const times = (placing?.p50Ms ?? NaN) / (requestP50Ms + commitP50Ms);
	return (
		`floor           an empty request p50 ${requestP50Ms.toFixed(2)} ms, one row committed ` +
		`p50 ${commitP50Ms.toFixed(2)} ms: check and hold takes ${times.toFixed(1)} times both`
	);
}

function isQuickEnough({ p50Ms, p99Ms }: { p50Ms: number; p99Ms: number }): boolean {
	return p50Ms <= P50_MS_MAX && p99Ms <= P99_MS_MAX;
}
