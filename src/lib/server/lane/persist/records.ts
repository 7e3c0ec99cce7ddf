/** How a batch's rows reach SQL: one text parameter of JSON records for each statement. */
import { sql, type SQL } from 'drizzle-orm';
import type { Statement } from '../../db/prepared';
import { formatMicros } from '$lib/domain/money';

export type Write = (records: object[], statement: Statement) => void;

/** The parameter of every statement that writes: one text of JSON records. */
export const RECORDS = sql`${sql.placeholder('records')}::json`;

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
