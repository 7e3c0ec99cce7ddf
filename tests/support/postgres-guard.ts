import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import {
	removeEmbeddedPostgres,
	startEmbeddedPostgres,
	type EmbeddedPostgres
} from '$lib/server/db/embedded';
import { waitForProcessEnd } from '$lib/server/db/embedded/processes';
import { migrateDatabase } from '$lib/server/db/migrate';
import { seedDemoData } from '$lib/server/demo/seed';
import type { GuardOptions, GuardReply, GuardRequest } from './guarded-postgres';

// A process of its own, so that server and files go away however the test process ends: the channel to
// it closes even when it is killed.
const { settings, database, seedsDemo, parentDir } = JSON.parse(
	process.argv[2] ?? '{}'
) as GuardOptions;
const dataDir = mkdtempSync(path.join(parentDir ?? tmpdir(), 'talktime-test-'));
// The server's own account must be able to enter it.
chmodSync(dataDir, 0o755);
const KILL_TIMEOUT_MS = 10_000;
let server: EmbeddedPostgres | undefined;

async function start(): Promise<GuardReply> {
	server = await startEmbeddedPostgres({ dataDir, settings, port: server?.port });
	return { type: 'running', adminUrl: server.url, dataDir };
}

async function prepare(): Promise<GuardReply> {
	const reply = await start();
	if (!server) throw new Error('PostgreSQL is not running.');
	const url = new URL(server.url);
	url.pathname = `/${database}`;
	const sql = postgres(server.url, { max: 1, onnotice: () => {} });
	await sql`create database ${sql(database)}`;
	await sql.end();
	await migrateDatabase(url.href);
	if (seedsDemo) await seedDemoData(url.href);
	return reply;
}

async function answer(request: GuardRequest): Promise<GuardReply> {
	switch (request.type) {
		case 'start':
			return start();
		case 'stop':
			await server?.stop();
			return { type: 'stopped' };
		case 'kill':
			if (server) await kill(server.pid, request.signal);
			return { type: 'stopped' };
	}
}

async function kill(pid: number, signal: NodeJS.Signals): Promise<void> {
	process.kill(pid, signal);
	if (!(await waitForProcessEnd(pid, KILL_TIMEOUT_MS))) {
		throw new Error(`PostgreSQL outlived ${signal}.`);
	}
}

async function reply(work: Promise<GuardReply>): Promise<void> {
	const message = await work.catch((error: unknown): GuardReply => ({
		type: 'failed',
		message: error instanceof Error ? (error.stack ?? error.message) : String(error)
	}));
	// With a callback, a parent that died just now is an error here and not the guard's end.
	if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

let working = reply(prepare());
process.on('message', (request: GuardRequest) => {
	working = working.then(() => reply(answer(request)));
});
process.on('SIGINT', () => {});
process.stderr.on('error', () => {});

function leave(): void {
	void working.then(() => removeEmbeddedPostgres(dataDir)).finally(() => process.exit(0));
}
process.on('disconnect', leave);
// The parent may have died while this file was loading.
if (!process.connected) leave();
