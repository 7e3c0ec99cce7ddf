import { execFile as execFileWithCallback } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { percentile } from '../support/statistics';

const execFile = promisify(execFileWithCallback);

export interface Times {
	/** The very first, which waits for connections and for the code to be compiled. */
	firstMs: number;
	p50Ms: number;
	p95Ms: number;
	maxMs: number;
	count: number;
}

/** So many, and every connection of a pool has done it more than once. */
const WARM_UP = 30;

/** Times of one thing done again and again, once a server is warm. */
export async function timesOf(
	count: number,
	work: (n: number) => Promise<unknown>,
	warmUp = WARM_UP
): Promise<Times> {
	const all: number[] = [];
	while (all.length < warmUp + count) {
		const startedAt = performance.now();
		await work(all.length);
		all.push(performance.now() - startedAt);
	}
	const timesMs = all.slice(warmUp);
	timesMs.sort((first, second) => first - second);
	return {
		firstMs: all[0] ?? NaN,
		p50Ms: percentile(timesMs, 0.5),
		p95Ms: percentile(timesMs, 0.95),
		maxMs: timesMs.at(-1) ?? NaN,
		count
	};
}

export interface Download {
	firstByteMs: number;
	seconds: number;
	rows: number;
	megabytes: number;
	/** What the server's memory rose by while it sent, at most. */
	grownMegabytes: number;
}

const LOOK_EVERY_MS = 50;
const READER = path.join(import.meta.dirname, 'reader.mjs');

/** Reads an export to its end, as fast as it comes. */
export async function download(url: string, token: string, serverPid: number): Promise<Download> {
	const before = residentMegabytes(serverPid);
	let most = before;
	const watch = setInterval(
		() => (most = Math.max(most, residentMegabytes(serverPid))),
		LOOK_EVERY_MS
	);
	try {
		const { stdout } = await execFile(process.execPath, [READER, url, token]);
		return { ...JSON.parse(stdout), grownMegabytes: most - before };
	} finally {
		clearInterval(watch);
	}
}

function residentMegabytes(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
