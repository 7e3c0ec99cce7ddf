/** `npm run simulate`: drives the credit core through seeded disasters, and audits what is left. */
import { parseArgs } from 'node:util';
import { runPure } from '../tests/simulation/run-pure';
import { simulatePostgres, simulatePure, type Simulated } from '../tests/simulation/simulate';

const HELP = `Usage: npm run simulate -- [--seeds N] [--from S] [--pure-steps N]
       npm run simulate -- --seed S

  --seeds N        runs N seeds on a Postgres of their own: two lanes, faults, crashes
  --from S         the first seed (default 1)
  --pure-steps N   runs the pure core for N commands
  --seed S         replays one seed, step by step: the pure core, then Postgres`;

/** Reads a whole number that an option gives. @throws Error that names the option */
function readCount(name: string, text: string | undefined, least: number): number | null {
	if (text === undefined) return null;
	const count = Number(text);
	if (Number.isSafeInteger(count) && count >= least) return count;
	throw new Error(`--${name} must be a whole number from ${least}, not "${text}".`);
}

async function timed(name: string, work: () => Promise<Simulated>): Promise<void> {
	const startedAtMs = performance.now();
	const { seeds, steps, calls } = await work();
	const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
	console.log(
		`${name}: ${seeds} seeds, ${steps} commands, ${calls} calls in ${seconds} s, no breach`
	);
}

function showProgress({ seeds, steps }: Simulated): void {
	process.stderr.write(`… ${seeds} seeds, ${steps} commands\n`);
}

async function replay(seed: number): Promise<void> {
	const onLine = (line: string) => console.log(line);
	await runPure({ seed, onLine });
	console.log(`seed ${seed} on the pure core: no breach`);
	await simulatePostgres(seed, 1, undefined, onLine);
	console.log(`seed ${seed} on Postgres: no breach`);
}

async function main(words: string[]): Promise<number> {
	const text = { type: 'string' } as const;
	const { values } = parseArgs({
		args: words,
		options: {
			...{ seeds: text, from: text, seed: text, 'pure-steps': text },
			help: { type: 'boolean', short: 'h' }
		}
	});
	const seed = readCount('seed', values.seed, 0);
	const seeds = readCount('seeds', values.seeds, 1);
	const from = readCount('from', values.from, 0) ?? 1;
	const pureSteps = readCount('pure-steps', values['pure-steps'], 1);
	if (values.help || (seed === null && seeds === null && pureSteps === null)) {
		process[values.help ? 'stdout' : 'stderr'].write(`${HELP}\n`);
		return values.help ? 0 : 2;
	}
	if (seed !== null) await replay(seed);
	if (pureSteps !== null) {
		await timed('pure core', () => simulatePure(from, pureSteps, showProgress));
	}
	if (seeds !== null) await timed('Postgres', () => simulatePostgres(from, seeds, showProgress));
	return 0;
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`simulate: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
}
