/**
 * Prepared statements, and transactions of them. Drizzle sends every query unprepared, so the server parses and
 * plans it anew each time; the lane's statements are few and always the same, and go through the same
 * driver under a name instead. They are still written with Drizzle's `sql`, once.
 */
import { is, Placeholder, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import type { Database } from './client';
import { asTransaction } from './transaction-scope';
import { isRefusal } from './trouble';

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

/**
 * A read that Drizzle writes once for each database and not with every question. What differs from one
 * question to the next is a `sql.placeholder`.
 */
export function writeOnce<Read, Db extends object = Database>(
	write: (db: Db) => Read
): (db: Db) => Read {
	const written = new WeakMap<Db, Read>();
	return (db) => {
		const read = written.get(db) ?? write(db);
		written.set(db, read);
		return read;
	};
}

const dialect = new PgDialect({ casing: 'snake_case' });

/** A statement that was written once: what differs from one run to the next goes by name. */
export interface Statement {
	text: string;
	/** In their order: the name of one, or what it always is. */
	parameters: ({ name: string } | { value: Constant })[];
}

type Constant = string | number | boolean;

/** @param query with a `sql.placeholder` for each parameter that differs from one run to the next */
export function writeStatement(query: SQL): Statement {
	const { sql: text, params } = dialect.sqlToQuery(query);
	const parameters = params.map((param) =>
		is(param, Placeholder) ? { name: param.name } : { value: param as Constant }
	);
	return { text, parameters };
}

export interface PreparedTransaction {
	/** Sent at once, answered when awaited; several sent together share a round trip. */
	run<Row extends postgres.MaybeRow = postgres.Row>(
		statement: Statement,
		values: Readonly<Record<string, string>>
	): Promise<Row[]>;
}

/**
 * A transaction on a connection of its own. Its begin travels with its first statements, and its commit with
 * whatever was sent last and was not awaited: what fails there fails the transaction all the same.
 */
export async function inPreparedTransaction<Result>(
	sql: postgres.Sql,
	work: (tx: PreparedTransaction) => Promise<Result>
): Promise<Result> {
	const connection = await sql.reserve();
	const faults: unknown[] = [];
	const send = <Row extends postgres.MaybeRow>(query: postgres.PendingQuery<Row[]>) => {
		query.execute().catch((fault: unknown) => faults.push(fault));
		return query;
	};
	send(connection`begin`);
	const tx: PreparedTransaction = {
		run<Row extends postgres.MaybeRow>(
			{ text, parameters }: Statement,
			values: Readonly<Record<string, string>>
		) {
			const given = parameters.map((parameter) => {
				if ('value' in parameter) return parameter.value;
				const value = values[parameter.name];
				if (value === undefined) throw new Error(`${parameter.name} is missing for: ${text}`);
				return value;
			});
			return send(connection.unsafe<Row[]>(text, given, { prepare: true }));
		}
	};
	let result: Result;
	try {
		result = await asTransaction(() => work(tx));
	} catch (error) {
		await endTransaction(connection, 'rollback').catch(() => {});
		// What failed first is the reason; what failed after it says that the transaction had failed.
		throw faults[0] ?? error;
	}
	try {
		await endTransaction(connection, 'commit');
	} catch (error) {
		throw faults[0] ?? error;
	}
	return result;
}

/**
 * Ends a transaction and gives its connection back. One that broke has left the pool by itself and is opened
 * anew; given back, it would be lent again.
 */
export async function endTransaction(
	connection: postgres.ReservedSql,
	how: 'commit' | 'rollback'
): Promise<void> {
	let answered: string;
	try {
		answered = (await (how === 'commit' ? connection`commit` : connection`rollback`).execute())
			.command;
	} catch (error) {
		if (isRefusal(error)) connection.release();
		throw error;
	}
	connection.release();
	// What a transaction that has failed is answered.
	if (how === 'commit' && answered !== 'COMMIT') {
		throw new Error('The transaction was rolled back: one of its statements had failed.');
	}
}
