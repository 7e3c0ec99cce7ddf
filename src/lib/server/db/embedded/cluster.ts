import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureSecretFile, findFileText } from './files';
import type { Instance } from './instance';

export const DATABASE_NAME = 'talktime';
export const SUPERUSER_NAME = 'talktime';

/** The environment of PostgreSQL's programs: nothing of ours, no locale to be missing, UTC. */
export const POSTGRES_ENVIRONMENT = {
	PATH: '/usr/bin:/bin',
	LC_ALL: 'C',
	TZ: 'UTC',
	// A sort's memory is kept for the next one: given back after each statement, it is mapped anew page by page.
	MALLOC_TOP_PAD_: '4194304',
	MALLOC_TRIM_THRESHOLD_: '8388608',
	MALLOC_MMAP_THRESHOLD_: '8388608'
};

export function ensurePassword(dataDir: string): string {
	return ensureSecretFile(passwordPath(dataDir), () => randomBytes(24).toString('hex'));
}

export function findPassword(dataDir: string): string | null {
	return findFileText(passwordPath(dataDir));
}

/** Made beside and renamed, so that an initdb cut short is never taken for a database. */
export async function ensureCluster(
	instance: Instance,
	options: { password: string; isDurable: boolean; log: (line: string) => void }
): Promise<void> {
	const { clusterDir, account } = instance;
	const { password, isDurable, log } = options;
	if (existsSync(path.join(clusterDir, 'PG_VERSION'))) return;
	log('Creating the database');
	const staging = `${clusterDir}.new-${randomBytes(4).toString('hex')}`;
	const passwordFile = `${staging}.password`;
	try {
		mkdirSync(staging, { mode: 0o700 });
		writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
		if (account) {
			chownSync(staging, account.uid, account.gid);
			chownSync(passwordFile, account.uid, account.gid);
		}
		const extraArgs = [`--pwfile=${passwordFile}`, ...(isDurable ? [] : ['--no-sync'])];
		await runInitdb(instance, staging, extraArgs);
		renameSync(staging, clusterDir);
	} catch (error) {
		if (!existsSync(path.join(clusterDir, 'PG_VERSION'))) throw error;
	} finally {
		rmSync(staging, { recursive: true, force: true });
		rmSync(passwordFile, { force: true });
	}
}

/** The builtin C.UTF-8 needs neither ICU data nor a locale installed on the machine. */
function runInitdb(instance: Instance, directory: string, extraArgs: string[]): Promise<void> {
	const args = [
		`--pgdata=${directory}`,
		`--username=${SUPERUSER_NAME}`,
		'--auth=scram-sha-256',
		'--encoding=UTF8',
		'--locale=C',
		'--locale-provider=builtin',
		'--builtin-locale=C.UTF-8',
		'--no-instructions',
		...extraArgs
	];
	return new Promise((resolve, reject) => {
		const child = spawn(instance.binaries.initdb, args, {
			...instance.account,
			cwd: '/',
			env: POSTGRES_ENVIRONMENT,
			stdio: ['ignore', 'ignore', 'pipe']
		});
		let errorText = '';
		child.stderr.on('data', (chunk) => (errorText += String(chunk)));
		child.once('error', reject);
		child.once('close', (code) => {
			if (code === 0) return resolve();
			const line = errorText.split('\n').find((text) => /error:|FATAL:/.test(text)) ?? 'see initdb';
			reject(new Error(`The database could not be created: ${line.trim()}`));
		});
	});
}

function passwordPath(dataDir: string): string {
	return path.join(dataDir, 'postgres-password');
}
