import { readFileSync } from 'node:fs';
import { percentile } from '../support/statistics';

export interface Times {
	p50Ms: number;
	p95Ms: number;
	maxMs: number;
	count: number;
}

/** Times of one thing done again and again, after a few times that do not count. */
export async function timesOf(
	count: number,
	work: (n: number) => Promise<unknown>
): Promise<Times> {
	for (let n = 0; n < 3; n++) await work(n);
	const timesMs: number[] = [];
	for (let n = 0; n < count; n++) {
		const startedAt = performance.now();
		await work(n);
		timesMs.push(performance.now() - startedAt);
	}
	timesMs.sort((first, second) => first - second);
	return {
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

const LINE_END = 10;
const LOOK_EVERY_MS = 50;

/** Reads an export to its end, as fast as it comes. */
export async function download(url: string, token: string, serverPid: number): Promise<Download> {
	const before = residentMegabytes(serverPid);
	let most = before;
	const watch = setInterval(
		() => (most = Math.max(most, residentMegabytes(serverPid))),
		LOOK_EVERY_MS
	);
	try {
		const startedAt = performance.now();
		const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
		if (!response.ok || !response.body) {
			throw new Error(`The export was refused: ${response.status} ${await response.text()}`);
		}
		let firstByteMs = 0;
		let rows = 0;
		let bytes = 0;
		for await (const chunk of response.body) {
			firstByteMs ||= performance.now() - startedAt;
			bytes += chunk.byteLength;
			for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) rows++;
		}
		return {
			firstByteMs,
			seconds: (performance.now() - startedAt) / 1000,
			rows,
			megabytes: bytes / 1e6,
			grownMegabytes: most - before
		};
	} finally {
		clearInterval(watch);
	}
}

function residentMegabytes(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
