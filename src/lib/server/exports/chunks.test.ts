import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inChunks, type Chunk } from './chunks';

const WORK_MS = 50;

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

/** Three chunks, each some work of the database; `begun` says which were asked for. */
function threeChunks() {
	const begun: number[] = [];
	const read = async (n: number): Promise<Chunk<number>> => {
		begun.push(n);
		await new Promise((resolve) => setTimeout(resolve, WORK_MS));
		return { texts: [`${n}a`, `${n}b`], next: n < 3 ? n + 1 : null };
	};
	return { begun, read };
}

describe('an export in chunks', () => {
	it('given a lane at rest, when it is read, then every piece comes in its order and the next chunk is begun before this one is sent', async () => {
		const { begun, read } = threeChunks();
		const pieces = inChunks({ isBusy: false }, 1, read);
		const first = pieces.next();
		await vi.advanceTimersByTimeAsync(WORK_MS);
		expect((await first).value).toBe('1a');
		expect(begun).toEqual([1, 2]);
		const others: string[] = [];
		const all = (async () => {
			for await (const piece of pieces) others.push(piece);
		})();
		await vi.advanceTimersByTimeAsync(2 * WORK_MS);
		await all;
		expect(others).toEqual(['1b', '2a', '2b', '3a', '3b']);
	});

	it('given a lane that books calls, when a chunk was read, then the next waits many times as long as it took', async () => {
		const lane = { isBusy: true };
		const { begun, read } = threeChunks();
		const first = inChunks(lane, 1, read).next();
		await vi.advanceTimersByTimeAsync(WORK_MS);
		expect((await first).value).toBe('1a');
		await vi.advanceTimersByTimeAsync(24 * WORK_MS);
		expect(begun).toEqual([1]);
		await vi.advanceTimersByTimeAsync(WORK_MS);
		expect(begun).toEqual([1, 2]);
	});

	it('given a chunk without a line, when it is read, then the next one follows', async () => {
		const pieces = inChunks({ isBusy: false }, 1, async (n) => ({
			texts: n === 1 ? [] : ['last'],
			next: n === 1 ? 2 : null
		}));
		expect((await pieces.next()).value).toBe('last');
		expect((await pieces.next()).done).toBe(true);
	});

	it('given a reading that fails after the reader has left, then nobody is left with a refusal that is not heard', async () => {
		const pieces = inChunks({ isBusy: false }, 1, (n) =>
			n === 1 ? Promise.resolve({ texts: ['1'], next: 2 }) : Promise.reject(new Error('away'))
		);
		await pieces.next();
		await expect(pieces.return(undefined)).resolves.toMatchObject({ done: true });
	});
});
