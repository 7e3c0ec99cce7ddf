/** `npm run bench -- <name>`: measures, prints, and exits 1 when what was measured was not right. */
import { formatReport } from '../tests/bench/lane/print-report';
import { runLaneBench } from '../tests/bench/lane/run';
import { formatDecideReport, runDecideBench } from '../tests/bench/decide/run';

const HELP = `Usage: npm run bench -- <name> [--quick] [--json]

  lane      signed Twilio callbacks per second, applied and answered by the built app
  decide    how long a check, check and hold, and a refusal take through tRPC

  --quick   shorter and noisier
  --json    prints the result as one JSON value; progress goes to standard error`;

interface BenchOptions {
	isQuick: boolean;
	isJson: boolean;
}

const BENCHES: Record<string, (options: BenchOptions) => Promise<number>> = {
	async lane({ isQuick, isJson }) {
		const report = await runLaneBench({
			isQuick,
			onProgress: (line) => process.stderr.write(`${line}\n`)
		});
		process.stdout.write(`${isJson ? JSON.stringify(report) : formatReport(report)}\n`);
		return report.ok ? 0 : 1;
	},
	async decide({ isQuick, isJson }) {
		const report = await runDecideBench({
			isQuick,
			onProgress: (line) => process.stderr.write(`${line}\n`)
		});
		process.stdout.write(`${isJson ? JSON.stringify(report) : formatDecideReport(report)}\n`);
		return report.faults.length === 0 ? 0 : 1;
	}
};

async function main(words: string[]): Promise<number> {
	const [name = '', ...flags] = words;
	const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
	const unknown = flags.find((flag) => !['--quick', '--json'].includes(flag));
	if (!bench || unknown) {
		const isHelp = words.includes('--help') || words.includes('-h');
		process[isHelp ? 'stdout' : 'stderr'].write(`${HELP}\n`);
		return isHelp ? 0 : 2;
	}
	return bench({ isQuick: flags.includes('--quick'), isJson: flags.includes('--json') });
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
}
