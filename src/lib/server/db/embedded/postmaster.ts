import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { POSTGRES_ENVIRONMENT } from './cluster';
import type { Instance } from './instance';
import { findCommandLine, isProcessAlive, waitForProcessEnd } from './processes';

/** The lock file a running server keeps in its cluster directory. */
export interface Postmaster {
	pid: number;
	port: number;
	isReady: boolean;
}

const START_TIMEOUT_MS = 60_000;
const LOG_LIMIT_BYTES = 10_000_000;

/** Sized for two cores; durability stays on. */
const SETTINGS: Record<string, string> = {
	listen_addresses: '127.0.0.1',
	unix_socket_directories: '',
	max_connections: '60',
	// Each connection maps what it touches page by page, and a long export touches all of it.
	shared_buffers: '128MB',
	effective_cache_size: '1GB',
	max_wal_size: '1GB',
	checkpoint_timeout: '15min',
	random_page_cost: '1.1',
	jit: 'off',
	// What is read is mostly in the system's own cache, and handing it to a worker costs more than copying it.
	io_method: 'sync',
	idle_in_transaction_session_timeout: '60s',
	timezone: 'UTC',
	log_timezone: 'UTC'
};

/** Finds the live server of this cluster; a lock file left by a dead or foreign process is none. */
export function findPostmaster(clusterDir: string): Postmaster | null {
	let lines: string[];
	try {
		lines = readFileSync(path.join(clusterDir, 'postmaster.pid'), 'utf8').split('\n');
	} catch {
		return null;
	}
	const pid = Number(lines[0]);
	// The id may belong to another program by now: only a command line naming this cluster is ours.
	if (!(pid > 0) || !isProcessAlive(pid) || !findCommandLine(pid)?.includes(clusterDir))
		return null;
	return { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
}

/** Starts the server in its own session, so that a Ctrl-C in the terminal does not reach it. */
export function spawnPostmaster(
	instance: Instance,
	logFile: string,
	port: number,
	settings: Record<string, string>
): ChildProcess {
	if (!findPostmaster(instance.clusterDir)) {
		rmSync(path.join(instance.clusterDir, 'postmaster.pid'), { force: true });
	}
	const merged = { ...SETTINGS, port: String(port), ...settings };
	const args = Object.entries(merged).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	rotateLog(logFile);
	const logDescriptor = openSync(logFile, 'a', 0o600);
	try {
		const child = spawn(instance.binaries.postgres, ['-D', instance.clusterDir, ...args], {
			...instance.account,
			cwd: '/',
			detached: true,
			env: POSTGRES_ENVIRONMENT,
			stdio: ['ignore', logDescriptor, logDescriptor]
		});
		child.unref();
		return child;
	} finally {
		closeSync(logDescriptor);
	}
}

/** @returns the ready server, or null when the process ended or does not become ready */
export async function waitUntilReady(clusterDir: string, pid: number): Promise<Postmaster | null> {
	const deadline = performance.now() + START_TIMEOUT_MS;
	while (performance.now() < deadline && isProcessAlive(pid)) {
		const postmaster = findPostmaster(clusterDir);
		if (postmaster?.pid === pid && postmaster.isReady) return postmaster;
		await delay(20);
	}
	return null;
}

/** Asks for a fast shutdown, then for an immediate one, which loses nothing but needs recovery. */
export async function stopPostmaster(pid: number): Promise<void> {
	for (const [signal, timeoutMs] of [
		['SIGINT', 5_000],
		['SIGQUIT', 3_000],
		['SIGKILL', 1_000]
	] as const) {
		try {
			process.kill(pid, signal);
		} catch {
			return;
		}
		if (await waitForProcessEnd(pid, timeoutMs)) return;
	}
}

function rotateLog(logFile: string): void {
	const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
	if (size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.1`);
}
