/** How a batch's rows reach SQL: one text parameter of JSON records for each table. */
import { sql, type SQL } from 'drizzle-orm';
import { formatMicros } from '$lib/domain/money';
import { writeStatement, type PreparedTransaction, type Statement } from '../../db/prepared';

/** What is written to one table: an insert or update over JSON records. */
export interface Part {
	id: number;
	table: string;
	write: (records: SQL) => SQL;
}

/** A part with its rows. */
export interface Filled {
	part: Part;
	records: object[];
}

export type Write = (records: object[], part: Part) => void;

/** The parameter of a statement that stands alone. */
export const RECORDS = toRecords('records');

let parts = 0;

export function writePart(table: string, write: (records: SQL) => SQL): Part {
	return { id: parts++, table, write };
}

function toRecords(name: string): SQL {
	return sql`${sql.placeholder(name)}::json`;
}

const written = new Map<string, Statement>();

/**
 * Writes several tables as one statement, which is written and planned once for each set of them. None may be
 * there twice: a statement sees every row as it was before it.
 */
export function writeTogether(tx: PreparedTransaction, filled: Filled[]): Promise<unknown> {
	const key = filled.map(({ part }) => part.id).join();
	const statement = written.get(key) ?? joinParts(filled.map(({ part }) => part));
	written.set(key, statement);
	const values = filled.map(({ records }, index) => [`records${index}`, toJson(records)] as const);
	return tx.run(statement, Object.fromEntries(values));
}

/** The database runs parts that nobody reads from last to first: turned round, they run as they were given. */
function joinParts(given: Part[]): Statement {
	const named = given.map(
		({ write }, index) =>
			sql`part${sql.raw(String(index))} as (${write(toRecords(`records${index}`))})`
	);
	return writeStatement(sql`with ${sql.join(named.reverse(), sql`, `)} select`);
}

/** Every bigint in a record is micro-dollars, and goes to SQL as exact decimal text. */
export function toJson(records: object[]): string {
	return JSON.stringify(records, (_name, value: unknown) =>
		typeof value === 'bigint' ? formatMicros(value, 6) : value
	);
}

/** Milliseconds of the record as a moment. */
export function at(column: string): SQL {
	return sql.raw(`to_timestamp(r."${column}" / 1000.0)`);
}
