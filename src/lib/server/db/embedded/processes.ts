import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** True while the process runs; a zombie that nobody reaped counts as dead. */
export function isProcessAlive(pid: number): boolean {
	const status = readProcStat(pid);
	if (status) return status.state !== 'Z' && status.state !== 'X';
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

/** Tells two processes apart that were given the same id one after the other. */
export function findProcessStartMark(pid: number): string | null {
	return readProcStat(pid)?.startMark ?? findByPs(pid, 'lstart');
}

export function findCommandLine(pid: number): string | null {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
	} catch {
		return findByPs(pid, 'args');
	}
}

/** @returns whether the process was gone before the time was up */
export async function waitForProcessEnd(pid: number, timeoutMs: number): Promise<boolean> {
	const deadline = performance.now() + timeoutMs;
	while (isProcessAlive(pid)) {
		if (performance.now() > deadline) return false;
		await delay(20);
	}
	return true;
}

function readProcStat(pid: number): { state: string; startMark: string } | null {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The command name stands in brackets and may itself hold brackets and spaces.
		const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
		return { state: fields[0] ?? '', startMark: fields[19] ?? '' };
	} catch {
		return null;
	}
}

function findByPs(pid: number, column: string): string | null {
	const { status, stdout } = spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
		encoding: 'utf8'
	});
	return status === 0 ? stdout.trim() : null;
}
