import { spawnSync } from 'node:child_process';

export interface ServerAccount {
	uid: number;
	gid: number;
}

const ACCOUNT_NAME = 'postgres';
const NEW_ACCOUNT_COMMANDS = [
	['useradd', '--system', '--user-group', '--no-create-home', ACCOUNT_NAME],
	['useradd', '--system', '--gid', ACCOUNT_NAME, '--no-create-home', ACCOUNT_NAME],
	['adduser', '--system', '--group', '--no-create-home', ACCOUNT_NAME],
	['adduser', '-S', '-D', '-H', ACCOUNT_NAME]
] as const;

export function isRoot(): boolean {
	return process.getuid?.() === 0;
}

/** PostgreSQL refuses to run as root, so root runs it as the system account `postgres`. */
export function ensureServerAccount(): ServerAccount {
	const existing = findServerAccount();
	if (existing) return existing;
	for (const [command, ...args] of NEW_ACCOUNT_COMMANDS) {
		spawnSync(command, args, { stdio: 'ignore' });
		const created = findServerAccount();
		if (created) return created;
	}
	throw new Error(
		'PostgreSQL does not run as root and the system user "postgres" could not be created: ' +
			'start Talktime as another user, or set DATABASE_URL.'
	);
}

/** Asks the kernel, as that account, rather than reading modes: ACLs and mounts count too. */
export function canAccess(account: ServerAccount, path: string, test: '-x' | '-w'): boolean {
	const { status } = spawnSync('/bin/sh', ['-c', `test ${test} "$1"`, 'sh', path], {
		...account,
		cwd: '/',
		stdio: 'ignore'
	});
	return status === 0;
}

function findServerAccount(): ServerAccount | null {
	const uid = readId('-u');
	const gid = readId('-g');
	return uid === null || gid === null ? null : { uid, gid };
}

function readId(flag: '-u' | '-g'): number | null {
	const { status, stdout } = spawnSync('id', [flag, ACCOUNT_NAME], { encoding: 'utf8' });
	return status === 0 ? Number(stdout.trim()) : null;
}
