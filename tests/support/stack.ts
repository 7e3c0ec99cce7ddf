import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ChildService } from '../../scripts/support/child-service';
import { choosePort } from '../../scripts/support/port.mjs';
import {
	ensureSandboxAccount,
	toSandboxEnvironment,
	toSandboxUrl
} from '../../scripts/support/sandbox-account';
import { describeSandbox, describeWebApp } from '../../scripts/support/services';
import { startGuardedPostgres } from './guarded-postgres';

export interface StackOptions {
	/** How many times faster than life the sandbox's calls run. */
	speed?: number;
	/** For app and sandbox, over everything else. */
	env?: Record<string, string>;
}

export interface Stack {
	origin: string;
	databaseUrl: string;
	sandboxUrl: string;
	app: {
		readonly pid: number;
		kill(signal: NodeJS.Signals): Promise<void>;
		/** Ends the app if it runs, as a deploy does, and starts it on the same port. */
		restart(): Promise<void>;
	};
	postgres: { stop(): Promise<void>; start(): Promise<void> };
	stop(): Promise<void>;
}

/** A developer's own settings must not reach a test: it would call real phones. */
const FOREIGN_SETTINGS =
	/^(TWILIO|EXOTEL|BOLNA|STRIPE|SMTP|SALES|SANDBOX)_|^(DATABASE_URL|ORIGIN|HOST|PORT)$/;
const LOG_DIR = path.resolve('test-results/logs');

/** The built app with its own database and sandbox, each a process, all gone when the caller is. */
export async function startStack({ speed = 1, env = {} }: StackOptions = {}): Promise<Stack> {
	const stops: (() => Promise<void>)[] = [];
	const stop = async () => {
		for (const stopOne of stops.splice(0).reverse()) await stopOne();
	};
	try {
		mkdirSync(LOG_DIR, { recursive: true });
		const postgres = await startGuardedPostgres({
			settings: { fsync: 'off' },
			database: 'talktime_stack',
			seedsDemo: true
		});
		stops.push(() => postgres.remove());

		const dataDir = path.join(postgres.dataDir, 'app');
		const port = await choosePort();
		const account = await ensureSandboxAccount(dataDir);
		const origin = `http://localhost:${port}`;
		const environment: NodeJS.ProcessEnv = {
			...ownEnvironment(),
			...toSandboxEnvironment(account, origin),
			DATABASE_URL: postgres.databaseUrl,
			TALKTIME_DATA_DIR: dataDir,
			TALKTIME_DEMO: '1',
			TSX_TSCONFIG_PATH: path.resolve('scripts/tsconfig.json'),
			SANDBOX_SPEED: String(speed),
			ORIGIN: origin,
			...env
		};
		const sandbox = await ChildService.start(
			describeSandbox({ port: account.port, env: environment, logFile: toLogFile('sandbox', port) })
		);
		stops.push(() => sandbox.stop());

		const appSpec = describeWebApp({
			host: '127.0.0.1',
			port,
			isDevelopment: false,
			env: environment,
			logFile: toLogFile('app', port)
		});
		let app = await ChildService.start(appSpec);
		stops.push(() => app.stop());
		return {
			origin,
			databaseUrl: postgres.databaseUrl,
			sandboxUrl: toSandboxUrl(account),
			app: {
				get pid() {
					return app.pid;
				},
				kill: (signal) => app.kill(signal),
				async restart() {
					await app.stop();
					app = await ChildService.start(appSpec);
				}
			},
			postgres: { stop: () => postgres.stop(), start: () => postgres.start() },
			stop
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

function ownEnvironment(): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !FOREIGN_SETTINGS.test(name))
	);
}

function toLogFile(name: string, port: number): string {
	return path.join(LOG_DIR, `${name}-${port}.log`);
}
