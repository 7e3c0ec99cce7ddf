import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCALE = '10';
const CLIENTS = '8';

export interface PgbenchResult {
	protocol: 'simple' | 'prepared';
	transactionsPerSecond: number;
	latencyMs: number;
}

/** The version line of pgbench, or null when it is not on PATH. */
export async function findPgbench(): Promise<string | null> {
	try {
		return (await run('pgbench', ['--version'])).stdout.trim();
	} catch {
		return null;
	}
}

/** Fills an empty database with the tables of TPC-B. */
export async function preparePgbench(databaseUrl: string): Promise<void> {
	await run('pgbench', ['--initialize', '--quiet', '--scale', SCALE, databaseUrl]);
}

/** TPC-B with eight clients. Its five statements per transaction are one round trip each. */
export async function runPgbench(
	databaseUrl: string,
	protocol: PgbenchResult['protocol'],
	seconds: number
): Promise<PgbenchResult> {
	const options = ['--client', CLIENTS, '--jobs', '2', '--protocol', protocol];
	const { stdout } = await run('pgbench', [...options, '--time', String(seconds), databaseUrl]);
	return {
		protocol,
		transactionsPerSecond: readNumber(stdout, /^tps = ([\d.]+)/m),
		latencyMs: readNumber(stdout, /^latency average = ([\d.]+) ms/m)
	};
}

function readNumber(output: string, pattern: RegExp): number {
	const text = pattern.exec(output)?.[1];
	if (text === undefined) throw new Error(`pgbench printed no ${pattern.source}:\n${output}`);
	return Number(text);
}
