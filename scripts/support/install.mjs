import { existsSync, readFileSync } from 'node:fs';
import { withProgress } from './progress.mjs';
import { runNode } from './run.mjs';

/** @typedef {Record<string, { version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }>} LockedPackages */

/**
 * Installs packages when node_modules does not hold what package-lock.json asks for.
 * @param {{ withDevelopment: boolean }} options whether packages used only by tests must be there
 */
export async function ensureInstalled({ withDevelopment }) {
	if (isInstalled(withDevelopment)) return;
	const { exitCode, output } = await withProgress('Installing packages', () =>
		runNode([findNpm(), 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
	);
	if (exitCode !== 0) throw new Error(`The packages could not be installed (npm ci).\n${output}`);
}

/**
 * npm writes node_modules/.package-lock.json last, so it is the stamp of a finished install.
 * @param {boolean} withDevelopment
 */
function isInstalled(withDevelopment) {
	const stamp = 'node_modules/.package-lock.json';
	if (!existsSync(stamp)) return false;
	const wanted = readPackages('package-lock.json');
	const installed = readPackages(stamp);
	return Object.entries(wanted).every(([name, entry]) => {
		if (name === '') return true;
		const present = installed[name];
		if (present) return present.version === entry.version;
		const isLeftOutHere = entry.optional || entry.devOptional;
		return isLeftOutHere || (entry.dev && !withDevelopment);
	});
}

/**
 * @param {string} file
 * @returns {LockedPackages}
 */
function readPackages(file) {
	return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** The npm that runs this script, else the one that came with this Node. */
function findNpm() {
	const current = process.env.npm_execpath;
	if (current?.endsWith('npm-cli.js')) return current;
	const candidates = ['../lib/node_modules/npm/bin/npm-cli.js', 'node_modules/npm/bin/npm-cli.js'];
	for (const candidate of candidates) {
		const npm = new URL(candidate, `file://${process.execPath}`).pathname;
		if (existsSync(npm)) return npm;
	}
	throw new Error('npm was not found: start Talktime with npm start.');
}
