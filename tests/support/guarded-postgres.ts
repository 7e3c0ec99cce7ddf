import { spawn } from 'node:child_process';
import path from 'node:path';

export interface GuardOptions {
	settings: Record<string, string>;
	/** Created, migrated and, if asked, filled before the server is handed out. */
	database: string;
	seedsDemo: boolean;
	/** Where the directory of its files is made; by default with the other temporary ones. */
	parentDir?: string;
}
export type GuardRequest =
	{ type: 'start' } | { type: 'stop' } | { type: 'kill'; signal: NodeJS.Signals };
export type GuardReply =
	| { type: 'running'; adminUrl: string; dataDir: string }
	| { type: 'stopped' }
	| { type: 'failed'; message: string };

export interface GuardedPostgres {
	/** Of the superuser, at the server's own database. */
	adminUrl: string;
	/** Of the superuser, at the prepared database. */
	databaseUrl: string;
	/** Goes away with the server; others may keep files in it. */
	dataDir: string;
	stop(): Promise<void>;
	/** Ends the server as it stands, without a shutdown. */
	kill(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void>;
	/** On the same port with the same data. */
	start(): Promise<void>;
	/** Stops the server and deletes its files. */
	remove(): Promise<void>;
}

/** A PostgreSQL in a temporary directory that disappears with the process that asked for it. */
export async function startGuardedPostgres(options: GuardOptions): Promise<GuardedPostgres> {
	const guard = spawn(
		process.execPath,
		['--import', 'tsx', 'tests/support/postgres-guard.ts', JSON.stringify(options)],
		{
			detached: true,
			env: { ...process.env, TSX_TSCONFIG_PATH: path.resolve('scripts/tsconfig.json') },
			stdio: ['ignore', 'ignore', 'inherit', 'ipc']
		}
	);
	const exited = new Promise<void>((resolve) => guard.once('exit', () => resolve()));

	function nextReply(): Promise<GuardReply> {
		return Promise.race([
			new Promise<GuardReply>((resolve) => guard.once('message', resolve)),
			exited.then((): GuardReply => ({ type: 'failed', message: 'The PostgreSQL guard ended.' }))
		]);
	}

	async function ask(request: GuardRequest): Promise<void> {
		const reply = nextReply();
		guard.send(request);
		requireSuccess(await reply);
	}

	async function remove(): Promise<void> {
		if (guard.connected) guard.disconnect();
		await exited;
	}

	const first = await nextReply();
	if (first.type !== 'running') {
		await remove();
		throw new Error(first.type === 'failed' ? first.message : 'PostgreSQL did not start.');
	}
	const databaseUrl = new URL(first.adminUrl);
	databaseUrl.pathname = `/${options.database}`;
	return {
		adminUrl: first.adminUrl,
		databaseUrl: databaseUrl.href,
		dataDir: first.dataDir,
		stop: () => ask({ type: 'stop' }),
		kill: (signal) => ask({ type: 'kill', signal }),
		start: () => ask({ type: 'start' }),
		remove
	};
}

function requireSuccess(reply: GuardReply): void {
	if (reply.type === 'failed') throw new Error(reply.message);
}
