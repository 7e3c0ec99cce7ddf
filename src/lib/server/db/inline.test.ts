import { describe, expect, it } from 'vitest';
import { Inline, inline, list } from './inline';

describe('a statement with its values in it', () => {
	it('given texts, numbers and pieces, when it is written, then only pieces stay as they are', () => {
		const piece = new Inline('c."to"');
		expect(inline`select ${piece} = ${"O'Neill; --"}, ${-4.5}, ${7}`.text).toBe(
			`select c."to" = 'O''Neill; --', (-4.5), 7`
		);
		expect(inline`${'a\\b'}`.text).toBe(` E'a\\\\b'`);
		expect(list([piece, inline`${1}`]).text).toBe('c."to", 1');
	});

	it.each(['a\0b', NaN, Infinity])('given %j, which nobody can write, then it says so', (value) => {
		expect(() => inline`select ${value}`).toThrow(
			'cannot be written|no number'.split('|')[typeof value === 'string' ? 0 : 1]
		);
	});
});
