/** Everything one process shares, put together in one place and closed in the opposite order. */
import { createSessionStore, type SessionStore } from './auth/session-store';
import type { Config } from './config';
import { secretsOf } from './config/secrets';
import { openDatabase, openLaneDatabase, type DatabaseClient } from './db/client';
import { openTenantDatabases } from './db/tenant';
import { refuseInTransaction } from './db/transaction-scope';
import { Lane } from './lane/lane';
import { LiveHub } from './live/hub';
import { createLog, type Log } from './log';
import { Metrics } from './metrics';
import { guardProviders, type ProviderGuards } from './providers/guard';
import { openRecordingStore } from './recordings/open-store';
import type { RecordingStore } from './recordings/store';
import { createStripeGateway, type StripeGateway } from './payments/stripe/gateway';
import { createProviders, type ProviderRegistry } from './providers/registry';

export interface Services {
	config: Config;
	log: Log;
	clock: () => number;
	/** Every organisation's rows; in a member's context only those of theirs. */
	database: DatabaseClient;
	/** Bound to no organisation whoever acts: for what is no tenant's, such as counted tries and codes. */
	unbound: DatabaseClient;
	/** The same services, but whose database is bound to one organisation. */
	forOrganization(organizationId: number): Services;
	lane: Lane;
	hub: LiveHub;
	metrics: Metrics;
	/** Each asked through its guard. */
	providers: ProviderRegistry;
	guards: ProviderGuards;
	recordings: RecordingStore;
	/** Null: nothing can be paid here. */
	stripe: StripeGateway | null;
	sessions: SessionStore;
	close(): Promise<void>;
}

export interface ServiceOptions {
	clock?: () => number;
	log?: Log;
	providers?: ProviderRegistry;
}

export function createServices(config: Config, options: ServiceOptions = {}): Services {
	const log = options.log ?? createLog(config.logLevel, secretsOf(config));
	const clock = options.clock ?? (() => Date.now());
	const database = openDatabase(config.databaseUrl, config.databasePoolSize);
	const tenants = openTenantDatabases(config.databaseUrl, config.databasePoolSize);
	const laneDatabase = openLaneDatabase(config.databaseUrl);
	const hub = new LiveHub(database, log);
	const metrics = new Metrics(database);
	const lane = new Lane({
		sql: laneDatabase.sql,
		clock,
		onCommitted: (events) => hub.publish(events),
		onBatch: (kinds, seconds) => metrics.countBatch(kinds, seconds),
		onTrouble(error) {
			metrics.countTrouble();
			log.warn({ err: error }, 'lane: a batch has to be tried again');
		}
	});
	metrics.watch(lane, hub);
	const registry = options.providers ?? createProviders(config);
	// An adapter gives each request its own time; the guard's deadline is for what slips through.
	const guarded = guardProviders(registry, clock, 2 * config.providerTimeoutMs);
	const services: Services = {
		config,
		log,
		clock,
		database,
		unbound: database,
		forOrganization: (id) => ({ ...services, database: tenants.of(id) }),
		lane,
		hub,
		metrics,
		...guarded,
		recordings: openRecordingStore(config),
		stripe:
			config.stripe &&
			createStripeGateway(config.stripe, {
				origin: config.origin,
				timeoutMs: config.providerTimeoutMs,
				beforeRequest: refuseInTransaction
			}),
		sessions: createSessionStore(database.db, config.origin),
		async close() {
			await lane.drain();
			await hub.close();
			await laneDatabase.close();
			await tenants.close();
			await database.close();
		}
	};
	return services;
}
