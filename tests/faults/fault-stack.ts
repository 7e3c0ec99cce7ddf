/** The built app as processes, its database behind the proxy, and the phone company: all that faults strike. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { ChildService, type ChildSpec } from '../../scripts/support/child-service';
import { choosePort } from '../../scripts/support/port.mjs';
import { describeWebApp } from '../../scripts/support/services';
import { readConfig } from '$lib/server/config';
import type { Context } from '$lib/server/context';
import { createLog } from '$lib/server/log';
import { createServices } from '$lib/server/services';
import type { Random } from '../simulation/random';
import { startGuardedPostgres, type GuardedPostgres } from '../support/guarded-postgres';
import { Carrier } from './carrier';
import { DatabaseProxy } from './database-proxy';

const LOG_DIR = path.resolve('test-results/logs');

/** One process of the built app that can be killed and started again on its port. */
export class AppProcess {
	private service: ChildService | null = null;
	/** How it ended without being told to, with what it said last. */
	readonly falls: string[] = [];

	constructor(
		private readonly spec: ChildSpec,
		/** Where this process is reached; the public origin may be another. */
		readonly address: string
	) {}

	async start(): Promise<void> {
		const service = await ChildService.start(this.spec);
		this.service = service;
		void service.ended.then((reason) => {
			if (this.service !== service) return;
			this.falls.push(`the app ended by itself (${reason}):${service.readLogEnd()}`);
		});
	}

	async kill(): Promise<void> {
		const { service } = this;
		this.service = null;
		await service?.kill('SIGKILL');
	}

	/** As a deploy ends it: what is under way is finished. */
	async stop(): Promise<void> {
		const { service } = this;
		this.service = null;
		await service?.stop();
	}
}

export interface AppPlan {
	name: string;
	databaseUrl: string;
	carrierUrl: string;
	account: Carrier['account'];
	dataDir: string;
	/** Public, as signatures are made for; without it the process's own. */
	origin?: string;
	env?: Record<string, string>;
}

/** Describes a process of the built app; nothing of the caller's environment but where programs are. */
export async function describeApp(plan: AppPlan): Promise<AppProcess> {
	mkdirSync(LOG_DIR, { recursive: true });
	const port = await choosePort();
	const address = `http://localhost:${port}`;
	const spec = describeWebApp({
		host: '127.0.0.1',
		port,
		isDevelopment: false,
		env: {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			DATABASE_URL: plan.databaseUrl,
			TALKTIME_DATA_DIR: plan.dataDir,
			ORIGIN: plan.origin ?? address,
			SWEEP_INTERVAL_SECONDS: '2',
			TWILIO_ACCOUNT_SID: plan.account.accountSid,
			TWILIO_AUTH_TOKEN: plan.account.authToken,
			TWILIO_FROM_NUMBER: plan.account.fromNumber,
			TWILIO_API_BASE_URL: plan.carrierUrl,
			TWILIO_CALLS_PER_SECOND: '200',
			STRIPE_SECRET_KEY: `sk_test_${randomBytes(16).toString('hex')}`,
			STRIPE_WEBHOOK_SECRET: `whsec_${randomBytes(16).toString('hex')}`,
			STRIPE_API_BASE_URL: plan.carrierUrl,
			// What is tested is not who may ask how often.
			RATE_LIMIT_FACTOR: '0',
			...plan.env
		},
		logFile: path.join(LOG_DIR, `faults-${plan.name}-${port}.log`)
	});
	return new AppProcess(spec, address);
}

export interface FaultStack {
	postgres: GuardedPostgres;
	proxy: DatabaseProxy;
	carrier: Carrier;
	app: AppProcess;
	stop(): Promise<void>;
}

export interface FaultStackOptions {
	random: Random;
	/** Where PostgreSQL keeps its files. */
	parentDir?: string;
	env?: Record<string, string>;
}

/** Durability stays on: what is shown here is what holds outside. */
export async function startFaultStack(options: FaultStackOptions): Promise<FaultStack> {
	const stops: (() => Promise<unknown>)[] = [];
	const stop = async () => {
		for (const stopOne of stops.splice(0).reverse()) await stopOne();
	};
	try {
		const { parentDir } = options;
		const postgres = await startGuardedPostgres({
			settings: {},
			database: 'talktime_faults',
			seedsDemo: false,
			...(parentDir && { parentDir })
		});
		stops.push(() => postgres.remove());
		const carrier = await Carrier.open(options.random);
		stops.push(() => carrier.close());
		const url = new URL(postgres.databaseUrl);
		const proxy = await DatabaseProxy.open(Number(url.port));
		stops.push(() => proxy.close());
		url.port = String(proxy.port);
		const dataDir = makeDataDir(stops);
		const app = await describeApp({
			name: 'app',
			databaseUrl: url.href,
			carrierUrl: carrier.url,
			account: carrier.account,
			dataDir,
			...(options.env && { env: options.env })
		});
		await app.start();
		stops.push(() => app.stop());
		return { postgres, proxy, carrier, app, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** A directory for files of the app that goes away with the others. */
export function makeDataDir(stops: (() => Promise<unknown>)[]): string {
	const dataDir = mkdtempSync(path.join(tmpdir(), 'talktime-faults-'));
	stops.push(async () => rmSync(dataDir, { recursive: true, force: true }));
	return dataDir;
}

/** Does something with the services of a process of its own, straight on the database. */
export async function withContext<Result>(
	databaseUrl: string,
	work: (ctx: Context) => Promise<Result>
): Promise<Result> {
	const config = readConfig({ DATABASE_URL: databaseUrl });
	const services = createServices(config, { log: createLog('silent'), providers: {} });
	try {
		return await work({ caller: { kind: 'command_line' }, nowMs: Date.now(), services });
	} finally {
		await services.close();
	}
}
