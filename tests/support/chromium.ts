import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findPackagedChromium } from './packaged-chromium';

export interface ResolvedChromium {
	executablePath: string;
	args: string[];
}

const QUIET_FLAGS = [
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync'
];
const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MAC_APPLICATIONS = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium'
];

/** Finds a browser without downloading one: named, Playwright's, the system's, then the npm package's. */
export async function resolveChromium(): Promise<ResolvedChromium> {
	const executablePath =
		findNamed() ?? findPlaywrights() ?? findInstalled() ?? (await findPackagedChromium());
	if (!executablePath) {
		throw new Error(
			'No Chromium for the browser tests: install one (npx playwright install chromium), or name one in TALKTIME_CHROMIUM.'
		);
	}
	// Chromium's sandbox does not work for root.
	const sandboxFlags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
	return { executablePath, args: [...sandboxFlags, ...QUIET_FLAGS] };
}

function findNamed(): string | null {
	const named = process.env.TALKTIME_CHROMIUM;
	if (!named) return null;
	if (existsSync(named)) return named;
	throw new Error(`TALKTIME_CHROMIUM names ${named}, which does not exist.`);
}

/** The full browser, or the headless shell that `--only-shell` installs beside it. */
function findPlaywrights(): string | null {
	const full = chromium.executablePath();
	if (existsSync(full)) return full;
	const revision = /[/\\]chromium-(\d+)[/\\]/.exec(full);
	if (!revision) return null;
	const shellDir = path.join(
		full.slice(0, revision.index),
		`chromium_headless_shell-${revision[1]}`
	);
	if (!existsSync(shellDir)) return null;
	const shell = readdirSync(shellDir, { recursive: true, encoding: 'utf8' }).find((file) =>
		/(^|[/\\])(chrome-headless-shell|headless_shell)(\.exe)?$/.test(file)
	);
	return shell ? path.join(shellDir, shell) : null;
}

function findInstalled(): string | null {
	const directories = (process.env.PATH ?? '').split(path.delimiter);
	const onPath = SYSTEM_NAMES.flatMap((name) =>
		directories.map((directory) => path.join(directory, name))
	);
	return [...onPath, ...MAC_APPLICATIONS].find((file) => existsSync(file)) ?? null;
}
