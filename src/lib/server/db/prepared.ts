/**
 * Prepared statements, and transactions of them. Drizzle sends every query unprepared, so the server parses and
 * plans it anew each time; the lane's statements are few and always the same, and go through the same
 * driver under a name instead. They are still written with Drizzle's `sql`.
 */
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';

/** A pool of the driver, for those who may not know the driver. */
export type Sql = postgres.Sql;

/** A read with more parameters than this is one of a list of any length: each length would be kept. */
const PARAMETERS_MAX = 24;

/**
 * How a statement that Drizzle wrote is sent: a short read under a name, so that a connection parses it once
 * and asks in one round trip; all else as ever.
 */
export function howToSend(
	text: string,
	parameters: readonly unknown[] = [],
	how: postgres.UnsafeQueryOptions = {}
): postgres.UnsafeQueryOptions {
	const isShortRead = text.startsWith('select ') && parameters.length <= PARAMETERS_MAX;
	// Drizzle itself always asks for no name.
	return isShortRead ? { ...how, prepare: true } : how;
}

const dialect = new PgDialect({ casing: 'snake_case' });

export interface PreparedTransaction {
	/** Sent when awaited; several awaited together share a round trip. */
	run<Row extends postgres.MaybeRow = postgres.Row>(query: SQL): Promise<Row[]>;
}

export async function inPreparedTransaction<Result>(
	sql: postgres.Sql,
	work: (tx: PreparedTransaction) => Promise<Result>
): Promise<Result> {
	let result: { value: Result } | null = null;
	await sql.begin(async (connection) => {
		const value = await work({
			run<Row extends postgres.MaybeRow>(query: SQL) {
				const { sql: text, params } = dialect.sqlToQuery(query);
				// Every parameter of the lane is text or a number.
				return connection.unsafe<Row[]>(text, params as (string | number)[], { prepare: true });
			}
		});
		result = { value };
	});
	if (result === null) throw new Error('The transaction ended without its work');
	return (result as { value: Result }).value;
}
