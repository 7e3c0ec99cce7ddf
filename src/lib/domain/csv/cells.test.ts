import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CSV_BOM, guardCell, toCsvLine, unguardCell } from './cells';

const nasty = fc
	.array(
		fc.constantFrom(
			"'",
			'=',
			'+',
			'-',
			'@',
			'＝',
			';',
			',',
			'\t',
			'\r',
			'\n',
			' ',
			'"',
			'1',
			'é',
			'😀'
		)
	)
	.map((parts) => parts.join(''));
const text = fc.oneof(nasty, fc.string({ unit: 'grapheme' }));

/** What a spreadsheet would run: a cell, however the line is cut, that starts with a sign. */
function findFormulas(line: string, separator: RegExp): string[] {
	return line
		.split(separator)
		.map((cell) => cell.trimStart())
		.filter((cell) => /^[=+\-@＝＋－＠]/.test(cell));
}

describe('given a cell of a CSV', () => {
	it.each([
		['=cmd()', "'=cmd()"],
		['+919845000161', "'+919845000161"],
		['-2+3', "'-2+3"],
		['@SUM(A1)', "'@SUM(A1)"],
		['  =1', "'  =1"],
		['＝1+1', "'＝1+1"],
		['\t=1', "'\t'=1"],
		["'=1", "''=1"],
		['a;=1;b', "a;'=1;b"],
		['first\n- second', "first\n'- second"],
		["O'Neill", "O'Neill"],
		["'quoted'", "'quoted'"],
		['-4.20', '-4.20'],
		["'-4.20", "'-4.20"],
		['a=b, c+d', 'a=b, c+d'],
		['', '']
	])('when %j is written, then it is %j and reads back as it was', (original, written) => {
		expect(guardCell(original)).toBe(written);
		expect(unguardCell(written)).toBe(original);
	});

	it('when a cell written by hand is read, then it stays as it is', () => {
		for (const cell of ['+919845000161', '=1', "Priya's", '- none', "''"]) {
			expect(unguardCell(cell)).toBe(cell);
		}
	});

	it('when any text is written and read, then it is the same', () => {
		fc.assert(
			fc.property(text, (original) => {
				expect(unguardCell(guardCell(original))).toBe(original);
			}),
			{ numRuns: 2000 }
		);
	});
});

describe('given a line of a CSV', () => {
	it('when it is written, then numbers are plain and empty values are empty', () => {
		expect(toCsvLine([1, -2.5, 10n, null, undefined, true, 'a "b"', 'x,y'])).toBe(
			'1,-2.5,10,,,true,"a ""b""","x,y"\n'
		);
	});

	it('when any cells are written, then a reader of CSV finds them again', () => {
		const cells = fc.array(text, { minLength: 1, maxLength: 6 });
		fc.assert(
			fc.property(cells, (original) => {
				const file = `${CSV_BOM}${toCsvLine([...original, 'end'])}`;
				const [read] = parse(file, { bom: true, record_delimiter: '\n' }) as string[][];
				expect(read?.slice(0, -1).map(unguardCell)).toEqual(original);
			}),
			{ numRuns: 1000 }
		);
	});

	it('when any cells are written, then no way of cutting the line finds a formula', () => {
		fc.assert(
			fc.property(fc.array(nasty, { maxLength: 4 }), (cells) => {
				const harmless = cells.filter((cell) => !/^'*-\d+(\.\d+)?$/.test(cell));
				const guarded = harmless.map(guardCell);
				expect(guarded.flatMap((cell) => findFormulas(cell, /[;\t\r\n]/))).toEqual([]);
			}),
			{ numRuns: 2000 }
		);
	});
});
