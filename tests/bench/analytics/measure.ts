import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { finished } from 'node:stream/promises';
import { percentile } from '../support/statistics';

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
		// Node's own client: `fetch` would take a good part of the two cores for itself.
		const request = http.get(url, { headers: { authorization: `Bearer ${token}` } });
		const [response] = (await once(request, 'response')) as [http.IncomingMessage];
		if (response.statusCode !== 200) throw new Error(`Refused: ${response.statusCode}`);
		let firstByteMs = 0;
		let rows = 0;
		let bytes = 0;
		response.on('data', (chunk: Buffer) => {
			firstByteMs ||= performance.now() - startedAt;
			bytes += chunk.byteLength;
			for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) rows++;
		});
		await finished(response);
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
