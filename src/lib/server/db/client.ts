import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { copyOut, inZone } from './copy-out';
import type { Inline } from './inline';
import { howToSend } from './prepared';
import * as schema from './schema/index';
import { markTransactions } from './transaction-scope';

export type Database = PostgresJsDatabase<typeof schema>;

/** A pool and the query builder over it. */
export interface DatabaseClient {
	db: Database;
	/** For short reads by key: those asked in the same moment may share a transaction, and fail together. */
	quick: Pick<Database, 'select'>;
	sql: postgres.Sql;
	/** The rows of a query as lines of a CSV, for long files; its times are those of the zone. */
	copyOut(timezone: string, query: Inline): Promise<Uint8Array[]>;
	close(): Promise<void>;
}

/**
 * Opens the pool. It connects lazily and again by itself after the database was away.
 * @param poolSize 4 to 8 on two cores; more makes it slower
 */
export function openDatabase(
	url: string,
	poolSize = 5,
	settings: Record<string, string> = {}
): DatabaseClient {
	const sql = openPool(url, poolSize, settings);
	const db = drizzle(sql, { schema, casing: 'snake_case' });
	return {
		sql,
		db,
		quick: db,
		copyOut: (timezone, query) => copyOut(sql, inZone(timezone), query),
		close: () => sql.end({ timeout: 5 })
	};
}

/** Connections without a query builder. */
export function openPool(
	url: string,
	poolSize: number,
	settings: Record<string, string> = {}
): postgres.Sql {
	return prepareReads(
		markTransactions(
			postgres(url, {
				max: poolSize,
				connect_timeout: 5,
				idle_timeout: 300,
				// No array columns are read; without it a connection asks for nothing before its first query.
				fetch_types: false,
				backoff: (attempt: number) => Math.min(0.1 * 2 ** attempt, 1),
				onnotice: () => {},
				connection: {
					application_name: 'talktime',
					// Moments are read as text too, whatever the server's own style and zone are.
					DateStyle: 'ISO',
					TimeZone: 'UTC',
					// One question keeps to one core: the others are for calls.
					max_parallel_workers_per_gather: 0,
					statement_timeout: 30_000,
					idle_in_transaction_session_timeout: 30_000,
					...settings
				}
			})
		)
	);
}

/** Drizzle's reads outside transactions; those inside one are few and cold. */
function prepareReads(sql: postgres.Sql): postgres.Sql {
	const send = sql.unsafe.bind(sql);
	const unsafe: typeof sql.unsafe = (text, values, how) =>
		send(text, values, howToSend(text, values, how));
	return Object.assign(sql, { unsafe });
}

/** The lane has two transactions under way; the third connection is for one that is being replaced. */
const LANE_POOL_SIZE = 3;

/**
 * The lane's own connections, so that no page can keep it waiting. Its statements look up rows by key;
 * planned before the tables have statistics they would scan whole tables instead. Each is planned once:
 * their parameters are arrays and texts of JSON, which tell the planner nothing.
 */
export function openLaneDatabase(url: string): DatabaseClient {
	return openDatabase(url, LANE_POOL_SIZE, {
		enable_hashjoin: 'off',
		enable_mergejoin: 'off',
		enable_seqscan: 'off',
		plan_cache_mode: 'force_generic_plan'
	});
}
