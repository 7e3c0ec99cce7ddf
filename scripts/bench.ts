/** `npm run bench -- <name>`: measures, prints, and exits 1 when what was measured was not right. */
import { formatLiveReport, runLiveBench } from '../tests/bench/live/run';
import { formatReport } from '../tests/bench/lane/print-report';
import { formatAnalyticsReport, linesOf } from '../tests/bench/analytics/print-report';
import { runAnalyticsBench } from '../tests/bench/analytics/run';
import { runLaneBench } from '../tests/bench/lane/run';
import { formatCampaignReport, runCampaignBench } from '../tests/bench/campaign/run';
import { formatImportReport, runImportBench } from '../tests/bench/import/run';
import { formatDecideReport, runDecideBench } from '../tests/bench/decide/run';

const HELP = `Usage: npm run bench -- <name> [--quick] [--json] [--calls N]

  lane      signed Twilio callbacks per second, applied and answered by the built app
  analytics the call history's figures, tables and exports, and what callbacks lose meanwhile
  campaign  a campaign of 10,000 leads on the sandbox, started and watched in a browser
  decide    how long a check, check and hold, and a refusal take through tRPC
  live      from commit to a thousand browsers, through three processes
  import    100,000 contacts from a file: in, searched, out again

  --quick   shorter and noisier
  --calls   analytics: calls in all, a fifth of them in one organisation (10,000,000; quick: 200,000)
  --json    prints the result as one JSON value; progress goes to standard error`;

interface BenchOptions {
	isQuick: boolean;
	/** Null: as many as the bench wants. */
	calls: number | null;
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
	async analytics({ isQuick, isJson, calls }) {
		const all = calls ?? (isQuick ? 200_000 : 10_000_000);
		const report = await runAnalyticsBench({
			calls: all,
			inFirst: Math.ceil(all / 5),
			onProgress: (line) => process.stderr.write(`${line}\n`)
		});
		process.stdout.write(`${isJson ? JSON.stringify(report) : formatAnalyticsReport(report)}\n`);
		return linesOf(report).every((line) => line.isMet) ? 0 : 1;
	},
	async campaign({ isQuick, isJson }) {
		const report = await runCampaignBench({
			isQuick,
			onProgress: (line) => process.stderr.write(`${line}\n`)
		});
		process.stdout.write(`${isJson ? JSON.stringify(report) : formatCampaignReport(report)}\n`);
		return report.faults.length === 0 ? 0 : 1;
	},
	async import({ isQuick, isJson }) {
		const report = await runImportBench({
			isQuick,
			onProgress: (line) => process.stderr.write(`${line}\n`)
		});
		process.stdout.write(`${isJson ? JSON.stringify(report) : formatImportReport(report)}\n`);
		return report.faults.length === 0 ? 0 : 1;
	},
	async decide({ isQuick, isJson }) {
		const report = await runDecideBench({
			isQuick,
			onProgress: (line) => process.stderr.write(`${line}\n`)
		});
		process.stdout.write(`${isJson ? JSON.stringify(report) : formatDecideReport(report)}\n`);
		return report.faults.length === 0 ? 0 : 1;
	},
	async live({ isQuick, isJson }) {
		const report = await runLiveBench({
			isQuick,
			onProgress: (line) => process.stderr.write(`${line}\n`)
		});
		process.stdout.write(`${isJson ? JSON.stringify(report) : formatLiveReport(report)}\n`);
		return report.wrongStreams === 0 ? 0 : 1;
	}
};

async function main(words: string[]): Promise<number> {
	const [name = '', ...flags] = words;
	const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
	const at = flags.indexOf('--calls');
	const [, named] = at < 0 ? [] : flags.splice(at, 2);
	const calls = at < 0 ? null : Number(named);
	const isWrong = calls !== null && !(Number.isInteger(calls) && calls >= 1_000);
	const unknown = flags.find((flag) => !['--quick', '--json'].includes(flag));
	if (!bench || unknown || isWrong) {
		const isHelp = words.includes('--help') || words.includes('-h');
		process[isHelp ? 'stdout' : 'stderr'].write(`${HELP}\n`);
		return isHelp ? 0 : 2;
	}
	return bench({ isQuick: flags.includes('--quick'), isJson: flags.includes('--json'), calls });
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
}
