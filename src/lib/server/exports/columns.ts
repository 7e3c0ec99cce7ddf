/**
 * The columns of a long export: the name of each, how it is read and what its cell looks like, in one place. Lines are
 * made by the database. How texts are guarded is said in `domain/csv/cells.ts`.
 */
import { GUARD_PATTERNS } from '$lib/domain/csv/cells';
import { Inline, inline, list } from '../db/inline';

export interface Column {
	name: string;
	/** The cell; null where it is empty. */
	read: Inline;
}

const kind =
	(read: (source: Inline) => Inline) =>
	(name: string, source: string): Column => ({ name, read: read(new Inline(source)) });

/** An id, a number or a word of ours. */
export const plain = kind((source) => source);

/** What somebody wrote. */
export const text = kind((source) => guarded(source));

/**
 * As a clock of the file's zone shows it, and how far that is from UTC: `2026-11-21 15:30:00+05:30`. Moments are half
 * of what a row costs; cutting the fraction so takes a third of what `date_trunc` does.
 */
export const moment = kind(
	(source) => inline`(${source} - interval '0.5 seconds')::timestamptz(0)`
);

/** A phone number, guarded; empty for anything else. */
export const phone = kind(
	(source) => inline`case when ${source} ~ ${'^\\+[0-9]+$'} then ${"'"} || ${source} end`
);

/** What a statement selects for the columns. */
export function cellsOf(columns: Column[]): Inline {
	return list(columns.map(({ read }) => read));
}

/** What `guardCell` makes of a text; most have nothing in them that could need it. */
export function guarded(text: Inline): Inline {
	const { suspect, negativeNumber, atStart, inside } = GUARD_PATTERNS;
	return inline`case when ${text} !~ ${suspect} then nullif(${text}, '') when ${text} ~ ${negativeNumber} then ${text}
		else regexp_replace(regexp_replace(${text}, ${atStart}, ${"'"}), ${inside}, ${"\\1'"}, 'g') end`;
}
