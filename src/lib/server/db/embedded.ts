import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import {
	DATABASE_NAME,
	ensureCluster,
	ensurePassword,
	findPassword,
	SUPERUSER_NAME
} from './embedded/cluster';
import {
	findClusterDir,
	prepareInstance,
	removeInstance,
	type Instance
} from './embedded/instance';
import {
	findPostmaster,
	spawnPostmaster,
	stopPostmaster,
	waitUntilReady,
	type Postmaster
} from './embedded/postmaster';
import { choosePort } from './embedded/port';
import { findRunRecord, isOwnerAlive, writeRunRecord } from './embedded/run-record';

export interface EmbeddedPostgres {
	url: string;
	port: number;
	pid: number;
	/** Whether this process is to stop it: it started the server, or whoever did is gone. */
	owned: boolean;
	stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
	dataDir: string;
	log?: (line: string) => void;
	port?: number;
	settings?: Record<string, string>;
}

const START_ATTEMPTS = 20;
const ATTEMPT_PAUSE_MS = 250;

/** Attaches to the server of this data directory if one runs, else starts it. */
export async function ensureEmbeddedPostgres(
	dataDir: string,
	options: Omit<EmbeddedPostgresOptions, 'dataDir'> = {}
): Promise<EmbeddedPostgres> {
	const running = await findRunningEmbeddedPostgres(dataDir);
	return running ?? startEmbeddedPostgres({ ...options, dataDir });
}

/** A server whose owner died is adopted: it becomes the caller's to stop. */
export async function findRunningEmbeddedPostgres(
	dataDir: string
): Promise<EmbeddedPostgres | null> {
	const absoluteDir = resolveDataDir(dataDir);
	const clusterDir = findClusterDir(absoluteDir);
	const password = findPassword(absoluteDir);
	if (!clusterDir || !password) return null;
	const found = findPostmaster(clusterDir);
	const postmaster = found && (await waitUntilReady(clusterDir, found.pid));
	if (!postmaster || !(await servesCluster(toUrl(postmaster.port, password), clusterDir))) {
		return null;
	}
	const owned = !isOwnerAlive(absoluteDir);
	if (owned) writeRunRecord(absoluteDir, postmaster.port);
	return toHandle(postmaster, password, owned);
}

/** Starts PostgreSQL on this data directory, creating database and password the first time. */
export async function startEmbeddedPostgres(
	options: EmbeddedPostgresOptions
): Promise<EmbeddedPostgres> {
	const { log = () => {}, settings = {} } = options;
	const dataDir = resolveDataDir(options.dataDir);
	const instance = prepareInstance(dataDir, log);
	const password = ensurePassword(dataDir);
	await ensureCluster(instance, { password, isDurable: settings.fsync !== 'off', log });

	const { postmaster, isOurs } = await launch(instance, dataDir, options.port, settings);
	await ensureDatabase(toUrl(postmaster.port, password, 'postgres'));
	if (isOurs) writeRunRecord(dataDir, postmaster.port);
	return toHandle(postmaster, password, isOurs);
}

/** Stops the server and deletes the data directory and everything made for it elsewhere. */
export async function removeEmbeddedPostgres(dataDir: string): Promise<void> {
	const absoluteDir = resolveDataDir(dataDir);
	const clusterDir = findClusterDir(absoluteDir);
	const postmaster = clusterDir && findPostmaster(clusterDir);
	if (postmaster) await stopPostmaster(postmaster.pid);
	removeInstance(absoluteDir);
}

/**
 * Tries again when another start of the same data won (then its server is taken), when the chosen port
 * was snatched, or while the memory of a server that was killed is still being freed.
 */
async function launch(
	instance: Instance,
	dataDir: string,
	fixedPort: number | undefined,
	settings: Record<string, string>
): Promise<{ postmaster: Postmaster; isOurs: boolean }> {
	const logFile = path.join(dataDir, 'postgres.log');
	let port = fixedPort ?? (await choosePort(findRunRecord(dataDir)?.port));
	for (let attempt = 1; ; attempt++) {
		const other = findPostmaster(instance.clusterDir);
		const ready = other && (await waitUntilReady(instance.clusterDir, other.pid));
		if (ready) return { postmaster: ready, isOurs: false };

		const logStart = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
		const child = spawnPostmaster(instance, logFile, port, settings);
		child.on('error', () => {});
		const pid = child.pid;
		const postmaster = pid ? await waitUntilReady(instance.clusterDir, pid) : null;
		if (postmaster) return { postmaster, isOurs: true };

		const complaint = readNewLines(logFile, logStart);
		if (/could not bind|Address already in use/.test(complaint) && fixedPort === undefined) {
			port = await choosePort();
		} else if (!/lock file|shared memory block/.test(complaint)) attempt = START_ATTEMPTS;
		if (attempt >= START_ATTEMPTS) {
			const line = complaint.split('\n').find((text) => /FATAL|ERROR|error/.test(text));
			throw new Error(`PostgreSQL did not start: ${line?.trim() ?? `see ${logFile}`}`);
		}
		await delay(ATTEMPT_PAUSE_MS);
	}
}

async function ensureDatabase(adminUrl: string): Promise<void> {
	const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
	try {
		const rows = await sql`select 1 from pg_database where datname = ${DATABASE_NAME}`;
		if (rows.length === 0) await sql`create database ${sql(DATABASE_NAME)}`;
	} catch (error) {
		// Two first starts at once: the other one created it.
		if (!(error instanceof postgres.PostgresError && ['42P04', '23505'].includes(error.code))) {
			throw error;
		}
	} finally {
		await sql.end();
	}
}

async function servesCluster(url: string, clusterDir: string): Promise<boolean> {
	const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
	try {
		const [row] = await sql<{ data_directory: string }[]>`show data_directory`;
		return row !== undefined && realpathSync(row.data_directory) === realpathSync(clusterDir);
	} catch {
		return false;
	} finally {
		await sql.end();
	}
}

function toHandle(postmaster: Postmaster, password: string, owned: boolean): EmbeddedPostgres {
	const { pid, port } = postmaster;
	return { url: toUrl(port, password), port, pid, owned, stop: () => stopPostmaster(pid) };
}

function toUrl(port: number, password: string, database = DATABASE_NAME): string {
	return `postgres://${SUPERUSER_NAME}:${password}@127.0.0.1:${port}/${database}`;
}

function resolveDataDir(dataDir: string): string {
	return existsSync(dataDir) ? realpathSync(dataDir) : path.resolve(dataDir);
}

function readNewLines(file: string, from: number): string {
	return existsSync(file) ? readFileSync(file).subarray(from).toString('utf8') : '';
}
