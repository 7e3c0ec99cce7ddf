/**
 * Cells of a CSV that a person may open in a spreadsheet and that Talktime may read again.
 *
 * A spreadsheet runs a cell that starts with `=`, `+`, `-` or `@` (or their full-width twins), and one that reads
 * `;` or tabs as separators finds such cells inside ours. One apostrophe in front of each makes it text; a text that
 * has apostrophes there already gets one more, so that taking one away always gives back what was written.
 * Source: OWASP, "CSV Injection".
 */

/** What a file starts with, so that Excel reads it as UTF-8. */
export const CSV_BOM = '\uFEFF';

/** What ends a line, here and where the database makes them. */
export const CSV_LINE_END = '\n';

export type CsvCell = string | number | bigint | boolean | null | undefined;

const SIGNS = '=+\\-@\\uff1d\\uff0b\\uff0d\\uff20';
const SPACES = '[ \\v\\f\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]*';

/** What is looked for in a text, written so that JavaScript and PostgreSQL read it alike. */
export const GUARD_PATTERNS = {
	/** A text without any of these needs no guard. */
	suspect: `[;${SIGNS}\\t\\r\\n]`,
	negativeNumber: "^'*-[0-9]+(\\.[0-9]+)?$",
	/** Stands where an apostrophe is to stand. */
	atStart: `^(?='*${SPACES}[${SIGNS}\\t\\r\\n])`,
	/** Stands where an apostrophe is to follow. */
	inside: `([;\\t\\r\\n])(?='*${SPACES}[${SIGNS}])`
};

const AT_START = new RegExp(GUARD_PATTERNS.atStart);
const INSIDE = new RegExp(GUARD_PATTERNS.inside, 'g');
const GUARDED_AT_START = new RegExp(`^'(?='*${SPACES}[${SIGNS}\\t\\r\\n])`);
const GUARDED_INSIDE = new RegExp(`([;\\t\\r\\n])'(?='*${SPACES}[${SIGNS}])`, 'g');
const NEGATIVE_NUMBER = new RegExp(GUARD_PATTERNS.negativeNumber);
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/**
 * Makes a text harmless in a spreadsheet. Negative numbers such as `-4.20` stay as they are.
 * @param text what the cell holds
 * @returns the text to write; `unguardCell` gives back the original, whatever it was
 */
export function guardCell(text: string): string {
	if (NEGATIVE_NUMBER.test(text)) return text;
	return text.replace(AT_START, "'").replace(INSIDE, "$1'");
}

/**
 * Reads a cell as it was before `guardCell`.
 * @param cell what a file holds, guarded or written by hand (`+91…` stays `+91…`)
 * @returns the original text
 */
export function unguardCell(cell: string): string {
	if (NEGATIVE_NUMBER.test(cell)) return cell;
	return cell.replace(GUARDED_AT_START, '').replace(GUARDED_INSIDE, '$1');
}

/**
 * One line of a CSV: texts guarded, quoted where they must be, separated by commas.
 * @param cells left to right; null and undefined become empty cells, numbers are never guarded
 * @returns the line with its line end
 */
export function toCsvLine(cells: readonly CsvCell[]): string {
	return cells.map(toCsvCell).join(',') + CSV_LINE_END;
}

/** The text between two commas. */
function toCsvCell(cell: CsvCell): string {
	if (cell === null || cell === undefined) return '';
	const text = typeof cell === 'string' ? guardCell(cell) : String(cell);
	return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
