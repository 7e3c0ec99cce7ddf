/**
 * The disk of PostgreSQL runs full under load and is freed again. The disk is a small file system in memory,
 * mounted for the run, which only root may do.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../simulation/random';
import type { FaultReport } from './fault-report';
import { startFaultStack, type FaultStack } from './fault-stack';
import { FaultLoad } from './load';
import { measureRecovery } from './recovery';

const DISK_SIZE = '320m';
const CYCLES = 2;
const RUN_MS = 1_500;
const FULL_MS = 6_000;
const BLOCK = Buffer.alloc(64 * 1024);

interface Disk {
	directory: string;
	/** Leaves no byte free. */
	fill(): void;
	free(): void;
	remove(): void;
}

/** @returns the report, or why nothing could be tried */
export async function runDiskFull(
	seed: number,
	onProgress: (line: string) => void
): Promise<FaultReport | string> {
	const disk = mountDisk();
	if (typeof disk === 'string') return disk;
	const random = new Random(seed);
	let stack: FaultStack | null = null;
	try {
		onProgress('disk full: starting PostgreSQL on a small disk');
		stack = await startFaultStack({ random: random.fork(1), parentDir: disk.directory });
		return await runWith(stack, disk, random, seed, onProgress);
	} finally {
		disk.free();
		await stack?.stop();
		disk.remove();
	}
}

async function runWith(
	stack: FaultStack,
	disk: Disk,
	random: Random,
	seed: number,
	onProgress: (line: string) => void
): Promise<FaultReport> {
	const { app } = stack;
	const load = await FaultLoad.onStack(stack, random);
	try {
		load.start();
		for (let cycle = 1; cycle <= CYCLES; cycle++) {
			await pause(RUN_MS);
			await fillAndFree(stack, disk, load, cycle, onProgress);
		}
		await load.stop();
		await app.stop();
		await app.start();
		await load.settle(true);
		load.report.addFindings({ wrong: app.falls });
		return await load.audit('disk full', seed, true);
	} finally {
		await load.close();
	}
}

async function fillAndFree(
	{ app, postgres }: FaultStack,
	disk: Disk,
	load: FaultLoad,
	cycle: number,
	onProgress: (line: string) => void
): Promise<void> {
	disk.fill();
	await pause(FULL_MS);
	const hadRoom = await hasRoom(load);
	disk.free();
	if (hadRoom) load.report.addFindings({ wrong: ['disk full: PostgreSQL still had room'] });
	const endedAtMs = performance.now();
	// It may have ended where it could not write its log; if it runs, this finds it.
	await postgres.start();
	const recoveryMs = await measureRecovery(endedAtMs, app.address, load.sender);
	if (recoveryMs === null) {
		load.report.addFindings({ wrong: ['disk full: the app did not come back'] });
		return;
	}
	load.report.addCycle({ kind: 'disk_full', recoveryMs });
	await load.check();
	onProgress(`${cycle}. disk full: back after ${Math.round(recoveryMs)} ms`);
}

async function hasRoom({ sql }: FaultLoad): Promise<boolean> {
	try {
		await sql`create unlogged table ballast as select repeat('x', 1000) from generate_series(1, 50000)`;
		await sql`drop table ballast`;
		return true;
	} catch {
		return false;
	}
}

function mountDisk(): Disk | string {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root may mount a disk';
	const directory = mkdtempSync(path.join(tmpdir(), 'talktime-disk-'));
	const ballast = path.join(directory, 'ballast');
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_SIZE}`, 'none', directory], {
			stdio: ['ignore', 'ignore', 'pipe']
		});
	} catch (error) {
		rmdirSync(directory);
		return `a disk cannot be mounted here: ${error instanceof Error ? error.message : error}`;
	}
	chmodSync(directory, 0o755);
	return {
		directory,
		fill: () => fillWith(ballast),
		free: () => rmSync(ballast, { force: true }),
		remove() {
			execFileSync('umount', ['--lazy', directory]);
			rmdirSync(directory);
		}
	};
}

function fillWith(file: string): void {
	const descriptor = openSync(file, 'w');
	try {
		for (;;) if (writeSync(descriptor, BLOCK) < BLOCK.length) return;
	} catch (error) {
		const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
		if (!isFull) throw error;
	} finally {
		closeSync(descriptor);
	}
}
