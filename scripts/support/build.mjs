import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withProgress } from './progress.mjs';
import { runNode } from './run.mjs';

const SOURCES = [
	'src',
	'static',
	'svelte.config.js',
	'vite.config.ts',
	'package-lock.json',
	'tsconfig.json'
];
const STAMP = 'build/.stamp';

export function isBuildCurrent() {
	return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hashSources();
}

/** Builds the web app unless the last build was made from the same sources. */
export async function ensureBuilt() {
	if (isBuildCurrent()) return;
	const { exitCode, output } = await withProgress('Building', () => build());
	if (exitCode !== 0) throw new Error(`The web app could not be built (vite build).\n${output}`);
}

/**
 * The hash is taken before: a file saved during the build is built next time.
 * @param {NodeJS.ProcessEnv} [environment]
 */
export async function build(environment) {
	const hash = hashSources();
	const result = await runNode(['node_modules/vite/bin/vite.js', 'build'], environment);
	if (result.exitCode === 0) writeFileSync(STAMP, hash);
	return result;
}

function hashSources() {
	const hash = createHash('sha256');
	for (const file of SOURCES.flatMap(listFiles)) {
		const content = readFileSync(file);
		hash.update(`${file}\0${content.length}\0`).update(content);
	}
	return hash.digest('hex');
}

/**
 * @param {string} source
 * @returns {string[]}
 */
function listFiles(source) {
	if (!existsSync(source)) return [];
	if (path.extname(source)) return [source];
	return readdirSync(source, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
		.map((entry) => path.join(entry.parentPath, entry.name))
		.sort();
}
