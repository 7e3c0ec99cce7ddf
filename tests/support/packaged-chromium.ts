import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const PACKAGE = '@sparticuz/chromium';
/** Makes the package unpack its libraries too, which it does only where it believes to be in a cloud. */
const UNPACK_LIBRARIES = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
const UNPACK = `const { default: chromium } = await import(${JSON.stringify(PACKAGE)}); await chromium.executablePath();`;

/**
 * Unpacks the npm package's Chromium once below node_modules/.cache and returns a small script that
 * starts it with its own fonts and, where the machine lacks them, its own libraries.
 */
export async function findPackagedChromium(): Promise<string | null> {
	if (process.platform !== 'linux' || process.arch !== 'x64') return null;
	const packageFile = findPackageFile();
	if (!packageFile) return null;
	const version = createHash('sha256').update(readFileSync(packageFile)).digest('hex').slice(0, 12);
	const directory = path.resolve('node_modules/.cache/talktime', `chromium-${version}`);
	if (!existsSync(directory)) await unpack(directory);
	return writeLauncher(directory);
}

function findPackageFile(): string | null {
	try {
		const entry = createRequire(import.meta.url).resolve(PACKAGE);
		return path.join(entry, '../../../package.json');
	} catch {
		return null;
	}
}

/** The package unpacks into the temporary directory, and takes half a file left there for a whole one. */
async function unpack(directory: string): Promise<void> {
	mkdirSync(path.dirname(directory), { recursive: true });
	const staging = mkdtempSync(`${directory}.`);
	try {
		await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK], {
			env: { ...process.env, ...UNPACK_LIBRARIES, TMPDIR: staging }
		});
		renameSync(staging, directory);
	} catch (error) {
		if (!existsSync(directory)) throw error;
	} finally {
		rmSync(staging, { recursive: true, force: true });
	}
}

function writeLauncher(directory: string): string {
	const program = path.join(directory, 'chromium');
	const fontsFile = path.join(directory, 'fonts.conf');
	const launcher = path.join(directory, 'launch.sh');
	writeFileSync(
		fontsFile,
		`<?xml version="1.0"?>
<fontconfig>
	<dir>${directory}/fonts</dir>
	<dir>/usr/share/fonts</dir>
	<cachedir>${directory}/font-cache</cachedir>
</fontconfig>
`
	);
	const environment = [`FONTCONFIG_FILE='${fontsFile}'`];
	if (lacksLibraries(program)) environment.push(`LD_LIBRARY_PATH='${directory}/al2023/lib'`);
	writeFileSync(launcher, `#!/bin/sh\n${environment.join(' ')} exec '${program}' "$@"\n`);
	chmodSync(launcher, 0o755);
	return launcher;
}

function lacksLibraries(program: string): boolean {
	const { status, stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
	return status !== 0 || stdout.includes('not found');
}
