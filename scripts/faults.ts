/** `npm run faults`: kills, cuts and stalls the built app under load, and exits 1 when anything was lost. */
import { parseArgs } from 'node:util';
import { ensureBuilt } from './support/build.mjs';
import { runDiskFull } from '../tests/faults/disk-full';
import { formatFaultReport, isFine, type FaultReport } from '../tests/faults/fault-report';
import { runHanging } from '../tests/faults/hanging';
import { runFaults } from '../tests/faults/run-faults';
import { runTwoProcesses } from '../tests/faults/two-processes';

const HELP = `Usage: npm run faults -- [--cycles N] [--seed S] [--json]
       npm run faults -- --two-processes | --disk-full | --hanging

  --cycles N        faults to strike, each kind as often as the others (default 50)
  --seed S          draws the same faults again in the same order
  --two-processes   two processes and a worker on a PostgreSQL of its own, each killed in turn
  --disk-full       the disk of PostgreSQL runs full (needs root)
  --hanging         phone company and Stripe take requests and answer none
                    Without one of these three the faults are struck, then the last two follow.
  --json            prints the results as one JSON value; progress goes to standard error`;

const CYCLES = 50;

/** Reads a whole number that an option gives. @throws Error that names the option */
function readCount(name: string, text: string | undefined, least: number): number | null {
	if (text === undefined) return null;
	const count = Number(text);
	if (Number.isSafeInteger(count) && count >= least) return count;
	throw new Error(`--${name} must be a whole number from ${least}, not "${text}".`);
}

type Progress = (line: string) => void;

/** Each gives its report, or says why it could not be tried. */
const SCENARIOS = {
	'two-processes': (seed: number, onProgress: Progress) => runTwoProcesses(seed, onProgress),
	'disk-full': (seed: number, onProgress: Progress) => runDiskFull(seed, onProgress),
	hanging: (seed: number, onProgress: Progress) => runHanging(seed, onProgress)
};
const NAMES = ['two-processes', 'disk-full', 'hanging'] as const;

async function runAll(
	named: (keyof typeof SCENARIOS)[],
	{ cycles, seed, onProgress }: { cycles: number; seed: number; onProgress: Progress }
): Promise<FaultReport[]> {
	const reports: FaultReport[] = [];
	if (named.length === 0) {
		reports.push(await runFaults({ cycles, seed, awaitsUndialled: true, onProgress }));
	}
	for (const name of named.length > 0 ? named : (['disk-full', 'hanging'] as const)) {
		const report = await SCENARIOS[name](seed, onProgress);
		if (typeof report === 'string') process.stderr.write(`${name} skipped: ${report}\n`);
		else reports.push(report);
	}
	return reports;
}

async function main(words: string[]): Promise<number> {
	const text = { type: 'string' } as const;
	const flag = { type: 'boolean' } as const;
	const { values } = parseArgs({
		args: words,
		options: {
			...{ cycles: text, seed: text, json: flag, help: { ...flag, short: 'h' } },
			...{ 'two-processes': flag, 'disk-full': flag, hanging: flag }
		}
	});
	if (values.help) {
		process.stdout.write(`${HELP}\n`);
		return 0;
	}
	const cycles = readCount('cycles', values.cycles, 1) ?? CYCLES;
	const seed = readCount('seed', values.seed, 0) ?? Date.now() % 1_000_000;
	const onProgress = (line: string) => process.stderr.write(`… ${line}\n`);
	await ensureBuilt();
	onProgress(`seed ${seed}`);
	const named = NAMES.filter((name) => values[name]);
	const reports = await runAll(named, { cycles, seed, onProgress });
	const printed = values.json
		? JSON.stringify(reports)
		: reports.map(formatFaultReport).join('\n\n');
	process.stdout.write(`${printed}\n`);
	return reports.every(isFine) ? 0 : 1;
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`faults: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
}
