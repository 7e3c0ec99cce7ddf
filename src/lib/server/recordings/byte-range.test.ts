import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readByteRange } from './byte-range';

describe('given a file of 1,000 bytes', () => {
	it.each<[string | null, ReturnType<typeof readByteRange>]>([
		[null, null],
		['', null],
		['bytes=0-499', { start: 0, end: 499 }],
		['bytes=500-', { start: 500, end: 999 }],
		['bytes=0-', { start: 0, end: 999 }],
		['bytes=999-', { start: 999, end: 999 }],
		['bytes=-1', { start: 999, end: 999 }],
		['bytes=-2000', { start: 0, end: 999 }],
		['bytes=900-5000', { start: 900, end: 999 }],
		['bytes=1000-', 'unsatisfiable'],
		['bytes=1000-2000', 'unsatisfiable'],
		['bytes=-0', 'unsatisfiable'],
		['bytes=5-4', null],
		['bytes=-', null],
		['bytes=0-1,4-5', null],
		['items=0-1', null],
		['bytes=a-b', null]
	])('when "%s" is asked for, then that is sent', (header, range) => {
		expect(readByteRange(header, 1_000)).toEqual(range);
	});

	it('when it is empty, then every range asks for what is not there', () => {
		expect(readByteRange('bytes=0-', 0)).toBe('unsatisfiable');
	});

	it('then no header ever reaches outside the file', () => {
		fc.assert(
			fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 5_000 }), (from, to, size) => {
				for (const header of [`bytes=${from}-${to}`, `bytes=${from}-`, `bytes=-${to}`]) {
					const range = readByteRange(header, size);
					if (range === null || range === 'unsatisfiable') continue;
					expect(range.start).toBeGreaterThanOrEqual(0);
					expect(range.end).toBeLessThan(size);
					expect(range.start).toBeLessThanOrEqual(range.end);
				}
			})
		);
	});
});
