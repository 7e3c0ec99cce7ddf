import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ChildService } from '../../../scripts/support/child-service';
import { choosePort } from '../../../scripts/support/port.mjs';
import { describeWebApp } from '../../../scripts/support/services';
import type { Endpoint } from './callbacks';

/** `lane`: the built app. `interactive`: the same with a transaction per callback. */
export type ServerKind = 'lane' | 'interactive';

export interface BenchServer {
	kind: ServerKind;
	poolSize: number;
	pid: number;
	endpoint: Endpoint;
	/** What it logged last. */
	readLogEnd(): string;
	stop(): Promise<void>;
}

export const FROM_NUMBER = '+12025550199';

/** Starts one on a free loopback port, with nothing of the caller's environment but where programs are. */
export async function startServer(options: {
	kind: ServerKind;
	databaseUrl: string;
	poolSize: number;
	logDir: string;
	/** Over everything else. */
	env?: Record<string, string>;
}): Promise<BenchServer> {
	const { kind, databaseUrl, poolSize, logDir, env } = options;
	const port = await choosePort();
	const endpoint: Endpoint = {
		port,
		origin: `http://localhost:${port}`,
		accountSid: `AC${randomBytes(16).toString('hex')}`,
		authToken: randomBytes(16).toString('hex'),
		fromNumber: FROM_NUMBER
	};
	const spec = describeWebApp({
		host: '127.0.0.1',
		port,
		isDevelopment: false,
		env: {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			TSX_TSCONFIG_PATH: path.resolve('scripts/tsconfig.json'),
			DATABASE_URL: databaseUrl,
			DATABASE_POOL_SIZE: String(poolSize),
			ORIGIN: endpoint.origin,
			LOG_LEVEL: 'warn',
			TWILIO_ACCOUNT_SID: endpoint.accountSid,
			TWILIO_AUTH_TOKEN: endpoint.authToken,
			TWILIO_FROM_NUMBER: FROM_NUMBER,
			// What is measured is not who may ask how often.
			RATE_LIMIT_FACTOR: '0',
			...env
		},
		logFile: path.join(logDir, `${kind}-${port}.log`)
	});
	const interactive = ['--import', 'tsx', 'tests/bench/lane/interactive-app.ts'];
	const service = await ChildService.start(kind === 'lane' ? spec : { ...spec, args: interactive });
	return {
		kind,
		poolSize,
		pid: service.pid,
		endpoint,
		readLogEnd: () => service.readLogEnd(),
		stop: () => service.stop()
	};
}
