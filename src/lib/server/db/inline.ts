/**
 * Statements with their values written into them, for `copy`, which takes no parameters. What is not a number or a
 * fragment is quoted: nothing that somebody typed gets into a statement otherwise.
 */

/** A piece of a statement. */
export class Inline {
	constructor(readonly text: string) {}
}

/** @throws Error for a number or a text that no statement can hold */
export function inline(
	parts: TemplateStringsArray,
	...values: readonly (Inline | string | number)[]
): Inline {
	return new Inline(String.raw({ raw: parts }, ...values.map(write)));
}

/** Pieces one after the other, with a comma between them. */
export function list(pieces: readonly Inline[]): Inline {
	return new Inline(pieces.map(({ text }) => text).join(', '));
}

function write(value: Inline | string | number): string {
	if (value instanceof Inline) return value.text;
	return typeof value === 'string' ? quote(value) : number(value);
}

/** As the server's own clients quote: right whether or not it reads backslashes as escapes. */
function quote(text: string): string {
	if (text.includes('\0')) throw new Error('A text with a zero character cannot be written.');
	const doubled = text.replaceAll("'", "''");
	return text.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}

/** In brackets where it is negative: two minus signs would begin a comment. */
function number(value: number): string {
	if (!Number.isFinite(value)) throw new Error(`${value} is no number that can be written.`);
	return value < 0 ? `(${value})` : String(value);
}
