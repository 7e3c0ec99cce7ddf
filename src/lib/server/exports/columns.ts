/**
 * The columns of a long export: the name of each, how it is read and what its cell looks like, in one place. A row is
 * read as one text, because the server's own output of a column costs half of a cell made in SQL, and one text a
 * fifth of what the driver takes for sixteen values. How cells are guarded and quoted is said in `domain/csv/cells.ts`.
 */
import type postgres from 'postgres';
import { CSV_LINE_END, toCsvCell } from '$lib/domain/csv/cells';

type Fragment = postgres.PendingQuery<postgres.Row[]>;

export interface Column {
	name: string;
	/** The column as text, never null. */
	read: Fragment;
	/** Makes the text a cell; null where it is one. */
	write: ((text: string) => string) | null;
}

/** A control character that nobody writes; texts are read without it. */
const COLUMN_END = '\x1f';
/** Longer texts need fresh memory at each of their copies, and that costs more than the lines. */
const LINES_TOGETHER = 200;

/** The kinds of columns, each made of a name and what it is read from. */
export function columnKinds(sql: postgres.Sql, timezone: string) {
	const asText = (source: string): Fragment => sql.unsafe(`coalesce(${source}::text, '')`);
	const withoutEnd = (source: string): Fragment =>
		sql.unsafe(`replace(coalesce(${source}, ''), E'\\x1f', '')`);
	const kind =
		(read: (source: string) => Fragment, write: Column['write']) =>
		(name: string, source: string): Column => ({ name, read: read(source), write });
	return {
		/** An id, a number or a word of ours. */
		plain: kind(asText, null),
		/** What somebody wrote. */
		text: kind(withoutEnd, toCsvCell),
		/** The same, with few different texts in a file. */
		fewTexts: (name: string, source: string) =>
			kind(withoutEnd, remembered(toCsvCell))(name, source),
		/** A person, by id: joined in SQL, each name would be looked for with each row. */
		person: (name: string, source: string, names: ReadonlyMap<string, string>) =>
			kind(
				asText,
				remembered((id) => toCsvCell(names.get(id) ?? ''))
			)(name, source),
		/** In UTC, `2026-11-21T10:00:00Z`. */
		moment: kind(asText, momentCell),
		/** As a clock in the zone shows it, `2026-11-21 15:30:00`. */
		localMoment: kind(
			(source) => sql`${sql.unsafe(source)} at time zone ${timezone}::text`,
			localCell
		),
		phone: kind(asText, phoneCell)
	};
}

/** All columns of a row as one text, for `toCsvLines`. */
export function joined(sql: postgres.Sql, columns: Column[]): Fragment {
	const list = columns.map(({ read }) => read).reduce((all, read) => sql`${all}, ${read}`);
	return sql`concat_ws(E'\\x1f', ${list})`;
}

/**
 * Writes each row as a line of the file.
 * @param rows what `joined` gave for the columns
 * @returns the lines, some hundred to a text, made when they are asked for
 */
export function* toCsvLines(
	rows: Iterable<{ row: string }>,
	columns: Pick<Column, 'write'>[]
): Generator<string> {
	const writers = [...columns.entries()].flatMap(([n, { write }]) => (write ? [{ n, write }] : []));
	let text = '';
	let count = 0;
	for (const { row } of rows) {
		const cells = row.split(COLUMN_END);
		for (const { n, write } of writers) cells[n] = write(cells[n] ?? '');
		text += cells.join(',') + CSV_LINE_END;
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

/** Makes each cell of a column once, as long as its texts are few. */
export function remembered(write: (text: string) => string): (text: string) => string {
	const cells = new Map<string, string>();
	return (text) => {
		const known = cells.get(text);
		if (known !== undefined) return known;
		if (cells.size >= REMEMBERED_MAX) cells.clear();
		const cell = write(text);
		cells.set(text, cell);
		return cell;
	};
}
