import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, isBuildCurrent } from './build.mjs';
import { runNode } from './run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, output: string }} StepResult */
/** @typedef {{ name: string, phase: 'before' | 'parallel' | 'after', isCounted: boolean, run(): Promise<StepResult> }} Step */

const VITEST = 'node_modules/vitest/vitest.mjs';
const PLAYWRIGHT = 'node_modules/@playwright/test/cli.js';
const SVELTE_KIT = 'node_modules/@sveltejs/kit/svelte-kit.js';
const SVELTE_CHECK = 'node_modules/svelte-check/bin/svelte-check';

/** The longest first, so that both cores are busy to the end. @type {Step[]} */
const STEPS = [
	check('sync', 'before', [SVELTE_KIT, 'sync'], false),
	{ name: 'db', phase: 'parallel', isCounted: true, run: () => runVitest('db') },
	{ name: 'build', phase: 'parallel', isCounted: true, run: runBuild },
	{ name: 'unit', phase: 'parallel', isCounted: true, run: () => runVitest('unit') },
	check('types', 'parallel', [SVELTE_CHECK, '--tsgo', '--threshold', 'error']),
	check('lint', 'parallel', ['node_modules/eslint/bin/eslint.js', '.']),
	check('format', 'parallel', ['node_modules/prettier/bin/prettier.cjs', '--check', '.']),
	{ name: 'e2e', phase: 'after', isCounted: true, run: runPlaywright }
];

/** What a step cannot do without; made silently when only that step is asked for. */
const NEEDS = new Map([['e2e', ['build']]]);

/**
 * @param {string[]} names as given on the command line; none means all
 * @returns {Step[]}
 */
export function listSteps(names) {
	const offered = STEPS.filter(({ isCounted }) => isCounted).map(({ name }) => name);
	const unknown = names.filter((name) => !offered.includes(name));
	if (unknown.length > 0) {
		throw new Error(`There is no step ${unknown.join(', ')}; there are ${offered.join(', ')}.`);
	}
	if (names.length === 0) return STEPS;
	const wanted = new Set(['sync', ...names, ...names.flatMap((name) => NEEDS.get(name) ?? [])]);
	return STEPS.filter(({ name }) => wanted.has(name));
}

/**
 * @param {string} name
 * @param {Step['phase']} phase
 * @param {string[]} args
 * @param {boolean} [isCounted]
 * @returns {Step}
 */
function check(name, phase, args, isCounted = true) {
	const run = async () => {
		const { exitCode, output } = await runNode(args, testEnvironment());
		return toCheckResult(exitCode === 0, output, isCounted);
	};
	return { name, phase, isCounted, run };
}

/** @returns {Promise<StepResult>} */
async function runBuild() {
	if (isBuildCurrent()) return toCheckResult(true, 'The last build is current.');
	const { exitCode, output } = await build(testEnvironment());
	return toCheckResult(exitCode === 0, output);
}

/** @param {string} project */
function runVitest(project) {
	return withReportFile(async (reportFile) => {
		const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
		const { exitCode, output } = await runNode(
			[VITEST, 'run', '--project', project, ...reporters],
			testEnvironment()
		);
		const report = readReport(reportFile);
		const counts = {
			passed: report?.numPassedTests ?? 0,
			failed: report?.numFailedTests ?? 0,
			skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
		};
		return toRunnerResult(counts, exitCode, output);
	});
}

async function runPlaywright() {
	if (!isBuildCurrent()) {
		return toCheckResult(false, 'There is no current build to test: see the build step.');
	}
	return withReportFile(async (reportFile) => {
		const { exitCode, output } = await runNode([PLAYWRIGHT, 'test', '--reporter=list,json'], {
			...testEnvironment(),
			PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile
		});
		const stats = readReport(reportFile)?.stats;
		const counts = {
			passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
			failed: stats?.unexpected ?? 0,
			skipped: stats?.skipped ?? 0
		};
		return toRunnerResult(counts, exitCode, output);
	});
}

/**
 * @param {(reportFile: string) => Promise<StepResult>} work
 * @returns {Promise<StepResult>}
 */
async function withReportFile(work) {
	const directory = mkdtempSync(path.join(tmpdir(), 'talktime-report-'));
	try {
		return await work(path.join(directory, 'report.json'));
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** @param {string} reportFile */
function readReport(reportFile) {
	try {
		return JSON.parse(readFileSync(reportFile, 'utf8'));
	} catch {
		return null;
	}
}

/**
 * A runner that crashed, could not load a file or found no test has failed even without a failed test.
 * @param {{ passed: number, failed: number, skipped: number }} counts
 * @param {number} exitCode
 * @param {string} output
 * @returns {StepResult}
 */
function toRunnerResult(counts, exitCode, output) {
	const isSound = exitCode === 0 && counts.passed > 0;
	return { ...counts, failed: isSound ? counts.failed : Math.max(1, counts.failed), output };
}

/**
 * @param {boolean} isPassed
 * @param {string} output
 * @param {boolean} [isCounted] whether a success counts as a check
 * @returns {StepResult}
 */
function toCheckResult(isPassed, output, isCounted = true) {
	return { passed: isPassed && isCounted ? 1 : 0, failed: isPassed ? 0 : 1, skipped: 0, output };
}

function testEnvironment() {
	return { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) };
}
