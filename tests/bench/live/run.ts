/**
 * How long an event takes from its commit to a browser: three processes of the built app on one Postgres behind
 * a plain TCP proxy, a thousand streams of ten organisations, and signed callbacks that come in at any of them.
 * PostgreSQL itself says when each event was committed.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { ensureBuilt } from '../../../scripts/support/build.mjs';
import { createTokenFor } from '../../support/command-line';
import { postCallback, signForm } from '../../support/callbacks';
import { startGuardedPostgres } from '../../support/guarded-postgres';
import type { BenchCall } from '../lane/callbacks';
import { CallSupply, createOrganizations } from '../lane/call-supply';
import { FROM_NUMBER, startServer, type BenchServer } from '../lane/servers';
import { percentile } from '../support/statistics';
import { openStream, type Heard } from './stream';
import { startTcpProxy } from './tcp-proxy';

export const P99_MS_MAX = 300;
const PROCESSES = 3;
const ORGANIZATIONS = 10;

export interface LiveReport {
	streams: number;
	events: number;
	messages: number;
	seconds: number;
	p50Ms: number;
	p99Ms: number;
	maxMs: number;
	/** Streams that missed an event, heard one twice or out of order. */
	wrongStreams: number;
}

interface Options {
	isQuick: boolean;
	onProgress: (line: string) => void;
}

export async function runLiveBench({ isQuick, onProgress }: Options): Promise<LiveReport> {
	const streams = isQuick ? 200 : 1_000;
	const seconds = isQuick ? 5 : 20;
	const stops: (() => unknown)[] = [];
	await ensureBuilt();
	try {
		onProgress('starting PostgreSQL and three processes');
		const guarded = await startGuardedPostgres({
			settings: { track_commit_timestamp: 'on' },
			database: 'bench_live',
			seedsDemo: false
		});
		stops.push(() => guarded.remove());
		const sql = postgres(guarded.databaseUrl, { max: 2, onnotice: () => {} });
		stops.push(() => sql.end());
		const organizationIds = await createOrganizations(sql, ORGANIZATIONS);
		const tokens = await Promise.all(
			organizationIds.map((id) => createTokenFor(guarded.databaseUrl, `agent-${id}@bench.example`))
		);

		const servers: BenchServer[] = [];
		const proxy = await startTcpProxy(() => servers.map(({ endpoint }) => endpoint.port));
		stops.push(() => proxy.close());
		const origin = `http://127.0.0.1:${proxy.port}`;
		const account = {
			sid: `AC${randomBytes(16).toString('hex')}`,
			token: randomBytes(16).toString('hex')
		};
		const logDir = path.join(guarded.dataDir, 'logs');
		mkdirSync(logDir);
		for (let n = 0; n < PROCESSES; n++) {
			const server = await startServer({
				kind: 'lane',
				databaseUrl: guarded.databaseUrl,
				poolSize: 4,
				logDir,
				env: {
					ORIGIN: origin,
					TWILIO_ACCOUNT_SID: account.sid,
					TWILIO_AUTH_TOKEN: account.token
				}
			});
			servers.push(server);
			stops.push(() => server.stop());
		}

		onProgress(`opening ${streams} streams`);
		const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
		stops.push(() => agent.destroy());
		const heard: Heard[][] = [];
		for (let from = 0; from < streams; from += 50) {
			const some = Array.from({ length: Math.min(50, streams - from) }, (_, n) => {
				const mine: Heard[] = [];
				heard.push(mine);
				const token = tokens[(from + n) % tokens.length] ?? '';
				return openStream({ origin, token, agent, onHeard: (one) => mine.push(one) });
			});
			for (const stream of await Promise.all(some)) stops.push(() => stream.close());
		}

		onProgress(`callbacks for ${seconds} s`);
		const supply = new CallSupply(sql, organizationIds, FROM_NUMBER);
		const calls = await supply.findReady(seconds * 10);
		const begunAt = performance.now();
		for (const [n, call] of calls.entries()) {
			await delay(Math.max(0, begunAt + n * 100 - performance.now()));
			await post(origin, account, call);
		}
		await delay(1_500);
		return summarize(sql, heard, organizationIds, seconds);
	} finally {
		for (const stop of stops.reverse()) await stop();
	}
}

async function post(
	origin: string,
	account: { sid: string; token: string },
	call: BenchCall
): Promise<void> {
	const form = {
		AccountSid: account.sid,
		CallSid: call.providerCallId,
		CallStatus: 'completed',
		CallDuration: String(call.talkSeconds),
		SequenceNumber: '3',
		Direction: 'outbound-api',
		From: FROM_NUMBER,
		To: call.to
	};
	const door = `/api/twilio/status?call=${call.id}`;
	const answer = await postCallback(
		origin,
		door,
		form,
		signForm(account.token, `${origin}${door}`, form)
	);
	if (!answer.ok) throw new Error(`A callback was answered ${answer.status}.`);
}

async function summarize(
	sql: postgres.Sql,
	heard: Heard[][],
	organizationIds: number[],
	seconds: number
): Promise<LiveReport> {
	const committed = await sql<{ organization_id: number; seq: string; at_ms: string }[]>`
		select organization_id, seq,
			extract(epoch from pg_xact_commit_timestamp(transaction_id::xid)) * 1000 as at_ms
		from live_events where organization_id = any(${organizationIds}) order by organization_id, seq`;
	const committedAt = new Map(
		committed.map((row) => [`${row.organization_id}:${row.seq}`, Number(row.at_ms)])
	);
	const eventsOf = new Map<number, number>();
	for (const { organization_id: id } of committed) eventsOf.set(id, (eventsOf.get(id) ?? 0) + 1);
	const tooksMs = heard
		.flat()
		.map(
			({ organizationId, seq, atMs }) => atMs - (committedAt.get(`${organizationId}:${seq}`) ?? NaN)
		)
		.sort((one, other) => one - other);
	const isWrong = (mine: Heard[]) =>
		mine.length !== eventsOf.get(mine[0]?.organizationId ?? 0) ||
		mine.some(({ seq }, index) => index > 0 && seq !== (mine[index - 1]?.seq ?? 0) + 1);
	return {
		streams: heard.length,
		events: committed.length,
		messages: tooksMs.length,
		seconds,
		p50Ms: percentile(tooksMs, 0.5),
		p99Ms: percentile(tooksMs, 0.99),
		maxMs: tooksMs.at(-1) ?? NaN,
		wrongStreams: heard.filter(isWrong).length
	};
}

export function formatLiveReport(report: LiveReport): string {
	const { streams, events, messages, seconds, p50Ms, p99Ms, maxMs, wrongStreams } = report;
	return [
		`${PROCESSES} processes behind a TCP proxy, ${streams} streams, ${events} events in ${seconds} s, ${messages} messages`,
		`commit → client: p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, most ${maxMs.toFixed(1)} ms ` +
			`(expected p99 ≤ ${P99_MS_MAX}: ${p99Ms <= P99_MS_MAX ? 'met' : 'NOT met'})`,
		wrongStreams === 0
			? 'Every stream heard every event of its organisation once and in order.'
			: `FAULT ${wrongStreams} streams missed an event or heard one twice`
	].join('\n');
}
