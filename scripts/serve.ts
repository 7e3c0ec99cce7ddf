import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { migrateDatabase } from '$lib/server/db/migrate';
import { seedDemoData } from '$lib/server/demo/seed';
import { keepPostgres } from './support/keep-postgres';
import { openIpv6LoopbackDoor } from './support/loopback-door';
import { requireFreePort } from './support/port.mjs';
import { withProgress } from './support/progress.mjs';
import {
	ensureSandboxAccount,
	needsNoSandbox,
	toSandboxEnvironment,
	toSandboxUrl
} from './support/sandbox-account';
import { describeSandbox, describeWebApp } from './support/services';
import type { Shutdown } from './support/shutdown.mjs';
import { printSummary } from './support/summary';
import { supervise } from './support/supervise';

interface ServeOptions {
	host: string;
	port: number;
	isDevelopment: boolean;
	/** What the person typed, for messages. */
	command: string;
	startedAt: number;
	shutdown: Shutdown;
}

/** Starts everything in the order it is needed; `shutdown` stops it in the opposite one. */
export async function serve(options: ServeOptions): Promise<void> {
	const { host, port, isDevelopment, shutdown } = options;
	const dataDir = path.resolve(process.env.TALKTIME_DATA_DIR || '.talktime');
	const isDemo = process.env.TALKTIME_DEMO === '1' || !process.env.DATABASE_URL;
	const origin = process.env.ORIGIN || `http://localhost:${port}`;
	const giveUp = (line: string) => {
		console.error(line);
		void shutdown.run(1);
	};

	const databaseUrl =
		process.env.DATABASE_URL ||
		(await shutdown.track(withProgress('Starting PostgreSQL', () => keepPostgres(dataDir, giveUp))))
			.url;
	await withProgress('Migrating the database', () => migrateDatabase(databaseUrl));
	const demo = isDemo
		? await withProgress('Adding demo data', () => seedDemoData(databaseUrl))
		: null;

	const logDir = isDemo ? ensureLogDir(dataDir) : null;
	const env: NodeJS.ProcessEnv = {
		...process.env,
		DATABASE_URL: databaseUrl,
		TALKTIME_DATA_DIR: dataDir,
		TALKTIME_DEMO: isDemo ? '1' : '0',
		ORIGIN: origin
	};

	let sandboxUrl: string | null = null;
	if (isDemo && !needsNoSandbox(process.env)) {
		const account = await ensureSandboxAccount(dataDir);
		sandboxUrl = toSandboxUrl(account);
		const configured = { ...process.env, PORT: String(port) };
		Object.assign(env, toSandboxEnvironment(account, origin, configured));
		const logFile = logDir && path.join(logDir, 'sandbox.log');
		const sandbox = describeSandbox({ port: account.port, env, logFile });
		await shutdown.track(withProgress('Starting the sandbox', () => supervise(sandbox, giveUp)));
	}

	// Installing and building may have taken minutes: look again before the port is used.
	await requireFreePort(port, host, options.command);
	const logFile = logDir && !isDevelopment ? path.join(logDir, 'app.log') : null;
	const webApp = describeWebApp({ host, port, isDevelopment, env, logFile });
	await shutdown.track(withProgress('Starting the web app', () => supervise(webApp, giveUp)));
	if (host === '127.0.0.1') await shutdown.track(openIpv6LoopbackDoor(port));

	printSummary({
		origin,
		logins: demo?.logins ?? [],
		sandboxUrl,
		logDir,
		startedAt: options.startedAt
	});
}

function ensureLogDir(dataDir: string): string {
	const directory = path.join(dataDir, 'logs');
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	return directory;
}
