import { describe, expect, it } from 'vitest';
import type { Page } from '$lib/views';
import { putAwayCookie, readPutAway } from './put-away-cookie';
import { RowPages } from './row-pages.svelte';

interface Row {
	id: number;
	words: string;
}

/** Rows from the newest id down. */
const page = (newest: number, count: number, words = 'old'): Page<Row> => ({
	rows: Array.from({ length: count }, (_, index) => ({ id: newest - index, words })),
	nextCursor: newest - count > 0 ? String(newest - count) : null
});

function given(first: Page<Row>, answers: Page<Row>[]) {
	const asked: (string | undefined)[] = [];
	const pages = new RowPages<Row>({
		first,
		keyOf: ({ id }) => String(id),
		read: (cursor) => {
			asked.push(cursor);
			const answer = answers.shift();
			return answer ? Promise.resolve(answer) : Promise.reject(new Error('nothing more'));
		}
	});
	return { pages, asked, ids: () => pages.rows.map(({ id }) => id) };
}

describe('pages of rows', () => {
	it('given a second page, when it is asked for, then it follows the first, and then there is no more', async () => {
		const { pages, asked, ids } = given(page(5, 3), [page(2, 2)]);
		expect(pages.hasMore).toBe(true);
		await pages.more();
		expect(ids()).toEqual([5, 4, 3, 2, 1]);
		expect(asked).toEqual(['2']);
		expect(pages.hasMore).toBe(false);
	});

	it('given two pages, when newer rows come, then they stand on top and nothing is lost or old', async () => {
		const { pages, ids } = given(page(5, 3), [page(2, 2)]);
		await pages.more();
		pages.lay(page(6, 3, 'new'));
		expect(ids()).toEqual([6, 5, 4, 3, 2, 1]);
		expect(pages.rows.map(({ words }) => words)).toEqual([
			'new',
			'new',
			'new',
			'old',
			'old',
			'old'
		]);
		expect(pages.hasMore).toBe(false);
	});

	it('given so many newer rows that the pages do not touch, when they come, then it begins anew', () => {
		const { pages, ids } = given(page(5, 3), []);
		pages.lay(page(20, 3));
		expect(ids()).toEqual([20, 19, 18]);
		expect(pages.hasMore).toBe(true);
	});
});

describe('a warning that was put away', () => {
	it('given the cookie of one person, when it is read, then it holds for that person alone', () => {
		const value = putAwayCookie('0190-a', 40).split(';')[0]?.split('=')[1] ?? null;
		expect(readPutAway(value, '0190-a')).toBe(40);
		expect(readPutAway(value, '0190-b')).toBe(0);
	});

	it.each([null, '', '0190-a', '0190-a.', '0190-a.-1', '0190-a.9999', '0190-a.x'])(
		'given %j, when it is read, then nothing was put away',
		(value) => expect(readPutAway(value, '0190-a')).toBe(0)
	);
});
