/**
 * Rows of a long export as the database holds them, each as one text: the server's own output of a column costs
 * half of a cell made in SQL, and one text a fifth of what the driver takes for sixteen values. What a cell looks
 * like is said in `domain/csv/cells.ts` alone.
 */
import type postgres from 'postgres';
import { CSV_LINE_END, toCsvCell } from '$lib/domain/csv/cells';

type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** A control character that nobody writes; texts are read without it. */
const COLUMN_END = '\x1f';
/** Longer texts need fresh memory at each of their copies, and that costs more than the lines. */
const LINES_TOGETHER = 200;

/** A column that is never null and never free text, such as an id. */
export function asIs(sql: postgres.Sql, column: string): Fragment {
	return sql.unsafe(column);
}

/** A column that may be null, which is read as ''. */
export function orEmpty(sql: postgres.Sql, column: string): Fragment {
	return sql.unsafe(`coalesce(${column}::text, '')`);
}

/** A column that holds what somebody wrote. */
export function freeText(sql: postgres.Sql, column: string): Fragment {
	return sql.unsafe(`replace(coalesce(${column}, ''), E'\\x1f', '')`);
}

/** A moment as a clock in the zone shows it. */
export function local(sql: postgres.Sql, moment: string, timezone: string): Fragment {
	return sql`${sql.unsafe(moment)} at time zone ${timezone}::text`;
}

/** All columns of a row as one text, for `toCsvLines`. */
export function joined(sql: postgres.Sql, columns: Fragment[]): Fragment {
	const list = columns.reduce((all, column) => sql`${all}, ${column}`);
	return sql`concat_ws(E'\\x1f', ${list})`;
}

/**
 * Writes each row as a line of the file.
 * @param rows what `joined` gave
 * @param write makes the columns of a row cells
 * @returns the lines, some hundred to a text, made when they are asked for
 */
export function* toCsvLines(
	rows: Iterable<{ row: string }>,
	write: (columns: string[]) => string[]
): Generator<string> {
	let text = '';
	let count = 0;
	for (const { row } of rows) {
		text += write(row.split(COLUMN_END)).join(',') + CSV_LINE_END;
		if (++count % LINES_TOGETHER > 0) continue;
		yield text;
		text = '';
	}
	if (text) yield text;
}

/** `2026-11-21 10:00:00.123+00`, as connections read it, as `2026-11-21T10:00:00Z`; '' stays ''. */
export function momentCell(moment: string): string {
	return moment && `${moment.slice(0, 10)}T${moment.slice(11, 19)}Z`;
}

/** A local moment without its fraction, `2026-11-21 15:30:00`. */
export function localCell(moment: string): string {
	return moment.slice(0, 19);
}

/** A phone number, guarded; '' for anything else. */
export function phoneCell(phone: string): string {
	return /^\+\d+$/.test(phone) ? `'${phone}` : '';
}

const REMEMBERED_MAX = 1_000;

/** Cells of a column with few different texts, each made once. */
export function rememberedCells(): (text: string) => string {
	const cells = new Map<string, string>();
	return (text) => {
		const known = cells.get(text);
		if (known !== undefined) return known;
		if (cells.size >= REMEMBERED_MAX) cells.clear();
		const cell = toCsvCell(text);
		cells.set(text, cell);
		return cell;
	};
}
