/**
 * CSV lines made by the database: a row of text per line costs the server no more than passing it on.
 * The rules are those of `domain/csv/cells.ts`, in SQL; a test holds both against each other.
 */
import type postgres from 'postgres';

type Fragment = postgres.PendingQuery<postgres.Row[]>;

const SIGNS = '=+\\-@＝＋－＠';
/** White space but tab and line ends. */
const SPACES =
	'[ \\u000b\\f\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]*';
/** Nothing in it needs quotes or a guard: most texts, and quick to see. */
const PLAIN = '^[[:alnum:]]([^",;[:space:]]|[^",;\\t\\r\\n][^",;[:space:]])*$';
const AT_START = `^(?='*${SPACES}[${SIGNS}\\t\\r\\n])`;
const INSIDE = `([;\\t\\r\\n])(?='*${SPACES}[${SIGNS}])`;

/** A text as a cell: guarded against spreadsheets, quoted where it must be, empty for null. */
export function textCell(sql: postgres.Sql, text: string): Fragment {
	return sql.unsafe(`case when ${text} is null then '' when ${text} ~ ${quote(PLAIN)} then ${text}
		when ${text} ~ '^''*-[0-9]+([.][0-9]+)?$' then ${text}
		else '"' || replace(regexp_replace(regexp_replace(${text}, ${quote(AT_START)}, ''''), ${quote(INSIDE)},
			'\\1''', 'g'), '"', '""') || '"' end`);
}

/** A phone number `+…`: always guarded, and nothing else in it. */
export function phoneCell(sql: postgres.Sql, phone: string): Fragment {
	return sql.unsafe(
		`case when ltrim(${phone}, '+0123456789') = '' then '''' || ${phone} else '' end`
	);
}

/** A moment in UTC, `2026-11-21T10:00:00Z`. A cast, since `to_char` takes five times as long. */
export function momentCell(sql: postgres.Sql, moment: string): Fragment {
	const text = `date_trunc('second', ${moment} at time zone 'UTC')::text`;
	return sql.unsafe(`coalesce(replace(${text}, ' ', 'T') || 'Z', '')`);
}

/** A moment as a clock in the zone shows it, `2026-11-21 15:30:00`. */
export function localCell(sql: postgres.Sql, moment: string, timezone: string): Fragment {
	return sql`date_trunc('second', ${sql.unsafe(moment)} at time zone ${timezone}::text)::text`;
}

/** A value that needs no guard; empty for null. */
export function plainCell(sql: postgres.Sql, value: string): Fragment {
	return sql.unsafe(`coalesce(${value}::text, '')`);
}

/** A line made of cells, none of which may be null. */
export function lineOf(sql: postgres.Sql, cells: Fragment[]): Fragment {
	return sql`concat_ws(',', ${cells.reduce((all, cell) => sql`${all}, ${cell}`)})`;
}

function quote(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}
