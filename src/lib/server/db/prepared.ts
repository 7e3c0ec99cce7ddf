/**
 * Transactions of prepared statements. Drizzle sends every query unprepared, so the server parses and
 * plans it anew each time; the lane's statements are few and always the same, and go through the same
 * driver under a name instead. They are still written with Drizzle's `sql`.
 */
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';

/** A pool of the driver, for those who may not know the driver. */
export type Sql = postgres.Sql;

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
