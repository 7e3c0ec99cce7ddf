import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './support/install.mjs';
import { requireNodeVersion } from './support/node-version.mjs';
import { secondsSince } from './support/progress.mjs';
import { killRunning } from './support/run.mjs';
import { printBlock, printTotals } from './support/test-report.mjs';
import { listSteps } from './support/test-steps.mjs';

const PARALLEL_STEPS = 2;
const SIGN_OF_LIFE_MS = 10_000;

requireNodeVersion();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
	process.on(signal, () => {
		killRunning();
		process.exit(1);
	});
}

/** @typedef {import('./support/test-steps.mjs').Step} Step */
/** @typedef {import('./support/test-steps.mjs').StepResult} StepResult */
/** @typedef {StepResult & { name: string, seconds: number }} FinishedStep */

/** @type {FinishedStep[]} */
const finished = [];
/** @type {Map<string, number>} */
const runningSince = new Map();

/** @param {Step} step */
async function runStep(step) {
	const startedAt = performance.now();
	runningSince.set(step.name, startedAt);
	const result = await step.run();
	runningSince.delete(step.name);
	const done = { ...result, name: step.name, seconds: secondsSince(startedAt) };
	finished.push(done);
	printBlock(done);
}

/** @param {Step[]} steps in the order they are taken */
async function runInParallel(steps) {
	const waiting = [...steps];
	const takeSteps = async () => {
		for (let step = waiting.shift(); step; step = waiting.shift()) await runStep(step);
	};
	await Promise.all(Array.from({ length: PARALLEL_STEPS }, takeSteps));
}

const signOfLife = setInterval(() => {
	const names = [...runningSince].map(([name, since]) => `${name} ${secondsSince(since)} s`);
	if (names.length > 0) console.log(`… ${names.join(', ')}`);
}, SIGN_OF_LIFE_MS);

try {
	const steps = listSteps(process.argv.slice(2));
	await ensureInstalled({ withDevelopment: true });
	for (const step of steps.filter(({ phase }) => phase === 'before')) await runStep(step);
	await runInParallel(steps.filter(({ phase }) => phase === 'parallel'));
	// Alone at the end: the browser tests measure time and need both cores.
	for (const step of steps.filter(({ phase }) => phase === 'after')) await runStep(step);
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	finished.push({ name: 'setup', seconds: 0, passed: 0, failed: 1, skipped: 0, output: '' });
}
clearInterval(signOfLife);
process.exitCode = printTotals(finished) ? 0 : 1;
