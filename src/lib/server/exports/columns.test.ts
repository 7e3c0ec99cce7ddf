import { describe, expect, it } from 'vitest';
import { localCell, momentCell, phoneCell, remembered, toCsvLines } from './columns';

describe('cells of an export', () => {
	it.each([
		['2026-11-21 10:00:00.123456+00', '2026-11-21T10:00:00Z'],
		['2026-11-21 10:00:00+00', '2026-11-21T10:00:00Z'],
		['', '']
	])('given the moment "%s", then the cell is "%s"', (moment, cell) => {
		expect(momentCell(moment)).toBe(cell);
	});

	it('given a local moment with a fraction, then the cell ends with its second', () => {
		expect(localCell('2026-11-21 15:30:00.5')).toBe('2026-11-21 15:30:00');
	});

	it.each([
		['+919876543210', "'+919876543210"],
		['+1=cmd()', ''],
		['anonymous', ''],
		['', '']
	])('given the number "%s", then the cell is "%s"', (phone, cell) => {
		expect(phoneCell(phone)).toBe(cell);
	});

	it('given more texts than are remembered, then each cell is still its own', () => {
		const cellOf = remembered((text) => `<${text}>`);
		for (let round = 0; round < 2; round++) {
			for (let n = 0; n < 1_500; n++) expect(cellOf(`${n}`)).toBe(`<${n}>`);
		}
	});
});

describe('lines of an export', () => {
	it('given many rows, then each is a line, and no text is longer than a few hundred of them', () => {
		const rows = Array.from({ length: 450 }, (_, n) => ({ row: `${n}\x1f\x1fx` }));
		const texts = [
			...toCsvLines(rows, [{ write: null }, { write: null }, { write: (text) => text + text }])
		];
		expect(texts.map((text) => text.split('\r\n').length - 1)).toEqual([200, 200, 50]);
		expect(texts.join('')).toBe(rows.map((_, n) => `${n},,xx\r\n`).join(''));
	});

	it('given no rows, then there is no text', () => {
		expect([...toCsvLines([], [])]).toEqual([]);
	});
});
