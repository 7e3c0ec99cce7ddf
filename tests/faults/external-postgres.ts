/**
 * A PostgreSQL that is none of ours, started as an administrator does: from the programs of Debian's package
 * where it is installed, else from those of the npm package. The app's user owns its database and is no
 * superuser.
 */
import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { choosePort } from '../../scripts/support/port.mjs';
import { ensureServerAccount, isRoot } from '$lib/server/db/embedded/account';
import { ensurePostgresBinaries, type PostgresBinaries } from '$lib/server/db/embedded/binaries';

const DEBIAN_ROOT = '/usr/lib/postgresql';
const SUPERUSER = 'administrator';
const OWNER = 'talktime_owner';
const DATABASE = 'talktime';
const READY_TRIES = 200;
const READY_PAUSE_MS = 50;

export interface ExternalPostgres {
	/** Of the owner of the database. */
	url: string;
	/** Such as `PostgreSQL 15.16 (Debian …)`. */
	version: string;
	stop(): Promise<void>;
}

export async function startExternalPostgres(): Promise<ExternalPostgres> {
	const account = isRoot() ? ensureServerAccount() : null;
	const directory = mkdtempSync(path.join(tmpdir(), 'talktime-external-'));
	chmodSync(directory, 0o755);
	const programs = findDebian() ?? ensurePostgresBinaries(account, directory, () => {});
	const cluster = path.join(directory, 'cluster');
	const password = randomBytes(16).toString('hex');
	const passwordFile = path.join(directory, 'password');
	mkdirSync(cluster, { mode: 0o700 });
	writeFileSync(passwordFile, password, { mode: 0o600 });
	if (account)
		for (const file of [cluster, passwordFile]) chownSync(file, account.uid, account.gid);
	const asServer = { ...account, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };
	const initdb = [`--pgdata=${cluster}`, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
	execFileSync(programs.initdb, [...initdb, '--auth=scram-sha-256', '--encoding=UTF8'], {
		...asServer,
		stdio: 'ignore'
	});
	const port = await choosePort();
	const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
	const server = spawn(
		programs.postgres,
		['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])],
		{ ...asServer, stdio: 'ignore' }
	);
	const killServer = () => void server.kill('SIGQUIT');
	process.once('exit', killServer);
	const stop = async () => {
		process.off('exit', killServer);
		await end(server);
		rmSync(directory, { recursive: true, force: true });
	};
	try {
		const version = await prepare(toUrl(SUPERUSER, password, port, 'postgres'), password);
		return { url: toUrl(OWNER, password, port, DATABASE), version, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** What an administrator does once: a user who may make roles, and a database of theirs. */
async function prepare(adminUrl: string, password: string): Promise<string> {
	const sql = postgres(adminUrl, { max: 1, onnotice: () => {}, backoff: () => 0.05 });
	try {
		await waitUntilServing(sql);
		await sql.unsafe(`create role ${OWNER} login createrole nosuperuser password '${password}'`);
		await sql.unsafe(`create database ${DATABASE} owner ${OWNER}`);
		const [row] = await sql<{ version: string }[]>`select version()`;
		return row?.version.split(' on ')[0] ?? '';
	} finally {
		await sql.end({ timeout: 1 });
	}
}

async function waitUntilServing(sql: postgres.Sql): Promise<void> {
	for (let tries = 1; ; tries++) {
		try {
			await sql`select 1`;
			return;
		} catch (error) {
			if (tries >= READY_TRIES) throw error;
			await pause(READY_PAUSE_MS);
		}
	}
}

async function end(server: ChildProcess): Promise<void> {
	if (server.exitCode !== null || server.signalCode !== null) return;
	const ended = new Promise((resolve) => server.once('exit', resolve));
	server.kill('SIGINT');
	await ended;
}

/** The newest of those that Debian installed. */
function findDebian(): PostgresBinaries | null {
	if (!existsSync(DEBIAN_ROOT)) return null;
	const versions = readdirSync(DEBIAN_ROOT).sort((one, other) => Number(other) - Number(one));
	for (const version of versions) {
		const bin = path.join(DEBIAN_ROOT, version, 'bin');
		const programs = { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres') };
		if (existsSync(programs.initdb) && existsSync(programs.postgres)) return programs;
	}
	return null;
}

function toUrl(user: string, password: string, port: number, database: string): string {
	return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}
