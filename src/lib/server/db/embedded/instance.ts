import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { canAccess, ensureServerAccount, isRoot, type ServerAccount } from './account';
import { ensurePostgresBinaries, type PostgresBinaries } from './binaries';
import { ensureOpenDirectory, ensureSecretFile, findFileText } from './files';

/** Where one data directory's PostgreSQL lives and as whom it runs. */
export interface Instance {
	clusterDir: string;
	account: ServerAccount | null;
	binaries: PostgresBinaries;
}

const SHARED_ROOT = '/var/lib/talktime';

/**
 * The cluster lives in `<dataDir>/postgres`, unless the server's account cannot enter the data
 * directory: then under /var/lib/talktime, in a directory named by `<dataDir>/instance-id`, so that
 * deleting the data directory gives a fresh start either way.
 */
export function findClusterDir(dataDir: string): string | null {
	const instanceId = findFileText(instanceIdPath(dataDir));
	const directory = instanceId
		? path.join(SHARED_ROOT, instanceId, 'postgres')
		: path.join(dataDir, 'postgres');
	return existsSync(directory) ? directory : null;
}

export function prepareInstance(dataDir: string, log: (line: string) => void): Instance {
	ensureOpenDirectory(dataDir);
	if (!isRoot()) {
		const clusterDir = path.join(dataDir, 'postgres');
		refuseForeignCluster(clusterDir);
		const binaries = ensurePostgresBinaries(null, path.join(dataDir, 'bin'), log);
		return { clusterDir, account: null, binaries };
	}
	const existing = findClusterDir(dataDir);
	const account = existing ? accountOwning(existing) : ensureServerAccount();
	const clusterDir = existing ?? path.join(chooseHome(dataDir, account), 'postgres');
	if (existing && !canAccess(account, existing, '-x')) {
		throw new Error(
			`The database in ${existing} belongs to user ${account.uid}, who cannot enter it any more: open the directories above it, or move the data to another TALKTIME_DATA_DIR.`
		);
	}
	const binaries = ensurePostgresBinaries(account, path.join(SHARED_ROOT, 'bin'), log);
	return { clusterDir, account, binaries };
}

/** Removes the data directory and, where it lies elsewhere, its cluster. The server must be stopped. */
export function removeInstance(dataDir: string): void {
	const clusterDir = findClusterDir(dataDir);
	if (clusterDir?.startsWith(SHARED_ROOT)) {
		rmSync(path.dirname(clusterDir), { recursive: true, force: true });
	}
	// Others may be writing their last lines into it.
	rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function chooseHome(dataDir: string, account: ServerAccount): string {
	const probe = mkdtempSync(path.join(dataDir, 'probe-'));
	try {
		chownSync(probe, account.uid, account.gid);
		if (canAccess(account, probe, '-w')) return dataDir;
	} catch {
		// A file system that cannot give files away (some mounts): use the shared directory.
	} finally {
		rmSync(probe, { recursive: true, force: true });
	}
	const instanceId = ensureSecretFile(instanceIdPath(dataDir), () =>
		randomBytes(8).toString('hex')
	);
	const home = path.join(SHARED_ROOT, instanceId);
	ensureOpenDirectory(home);
	return home;
}

/** A cluster made by a person and then started by root keeps running as that person. */
function accountOwning(clusterDir: string): ServerAccount {
	const { uid, gid } = statSync(clusterDir);
	return uid === 0 ? ensureServerAccount() : { uid, gid };
}

function refuseForeignCluster(clusterDir: string): void {
	if (!existsSync(clusterDir)) return;
	const { uid } = statSync(clusterDir);
	if (process.getuid === undefined || uid === process.getuid()) return;
	throw new Error(
		`The database in ${clusterDir} belongs to user ${uid}: start Talktime as root or as that user, or choose another TALKTIME_DATA_DIR.`
	);
}

function instanceIdPath(dataDir: string): string {
	return path.join(dataDir, 'instance-id');
}
