/** `npm run faults`: kills, cuts and stalls the built app under load, and exits 1 when anything was lost. */
import { parseArgs } from 'node:util';
import { ensureBuilt } from './support/build.mjs';
import { formatFaultReport, type FaultReport } from '../tests/faults/fault-report';
import { runFaults } from '../tests/faults/run-faults';

const HELP = `Usage: npm run faults -- [--cycles N] [--seed S] [--json]

  --cycles N        faults to strike, each kind as often as the others (default 50)
  --seed S          draws the same faults again in the same order
  --json            prints the results as one JSON value; progress goes to standard error`;

const CYCLES = 50;

/** Reads a whole number that an option gives. @throws Error that names the option */
function readCount(name: string, text: string | undefined, least: number): number | null {
	if (text === undefined) return null;
	const count = Number(text);
	if (Number.isSafeInteger(count) && count >= least) return count;
	throw new Error(`--${name} must be a whole number from ${least}, not "${text}".`);
}

async function main(words: string[]): Promise<number> {
	const text = { type: 'string' } as const;
	const flag = { type: 'boolean' } as const;
	const { values } = parseArgs({
		args: words,
		options: { cycles: text, seed: text, json: flag, help: { ...flag, short: 'h' } }
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
	const reports: FaultReport[] = [
		await runFaults({ cycles, seed, awaitsUndialled: true, onProgress })
	];
	const printed = values.json
		? JSON.stringify(reports)
		: reports.map(formatFaultReport).join('\n\n');
	process.stdout.write(`${printed}\n`);
	return reports.every(({ breaches }) => breaches.length === 0) ? 0 : 1;
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`faults: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
}
