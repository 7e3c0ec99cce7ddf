import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inChunks, type Chunk } from './chunks';

const WORK_MS = 50;

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (piece: unknown) => new TextDecoder().decode(piece as Uint8Array);

/** Three chunks, each some work of the database; `begun` says which were asked for. */
function threeChunks() {
	const begun: number[] = [];
	const read = async (n: number): Promise<Chunk<number>> => {
		begun.push(n);
		const worked = new Promise((resolve) => setTimeout(resolve, WORK_MS));
		const pieces = worked.then(() => [bytes(`${n}a`), bytes(`${n}b`)]);
		return { pieces, next: n < 3 ? n + 1 : null };
	};
	return { begun, read };
}

describe('an export in chunks', () => {
	it('given a lane at rest, when it is read, then two are under way and every piece comes in its order', async () => {
		const { begun, read } = threeChunks();
		const pieces = inChunks({ isBusy: false }, 1, read);
		const first = pieces.next();
		await vi.advanceTimersByTimeAsync(WORK_MS - 1);
		expect(begun).toEqual([1, 2]);
		await vi.advanceTimersByTimeAsync(1);
		expect(textOf((await first).value)).toBe('1a');
		await vi.advanceTimersByTimeAsync(0);
		expect(begun).toEqual([1, 2, 3]);
		const others: string[] = [];
		const all = (async () => {
			for await (const piece of pieces) others.push(textOf(piece));
		})();
		await vi.advanceTimersByTimeAsync(WORK_MS);
		await all;
		expect(others).toEqual(['1b', '2a', '2b', '3a', '3b']);
	});

	it('given a second chunk that is there before the first, when they are read, then they come in their order', async () => {
		const pieces = inChunks({ isBusy: false }, 1, async (n) => {
			const worked = new Promise((resolve) => setTimeout(resolve, n === 1 ? 2 * WORK_MS : 0));
			return { pieces: worked.then(() => [bytes(`${n}`)]), next: n < 2 ? n + 1 : null };
		});
		const first = pieces.next();
		await vi.advanceTimersByTimeAsync(2 * WORK_MS);
		expect(textOf((await first).value)).toBe('1');
		expect(textOf((await pieces.next()).value)).toBe('2');
		expect((await pieces.next()).done).toBe(true);
	});

	it('given a lane that books calls, when a chunk was read, then the next waits many times as long as it took', async () => {
		const lane = { isBusy: true };
		const { begun, read } = threeChunks();
		const first = inChunks(lane, 1, read).next();
		await vi.advanceTimersByTimeAsync(WORK_MS);
		expect(textOf((await first).value)).toBe('1a');
		await vi.advanceTimersByTimeAsync(24 * WORK_MS);
		expect(begun).toEqual([1]);
		await vi.advanceTimersByTimeAsync(WORK_MS);
		expect(begun).toEqual([1, 2]);
	});

	it('given a lane that begins to book calls, when two are under way, then no other is begun before both are there', async () => {
		const lane = { isBusy: false };
		const begun: number[] = [];
		const pieces = inChunks(lane, 1, async (n) => {
			begun.push(n);
			const worked = new Promise((resolve) => setTimeout(resolve, n * WORK_MS));
			return { pieces: worked.then(() => [bytes(`${n}`)]), next: n + 1 };
		});
		const first = pieces.next();
		await vi.advanceTimersByTimeAsync(WORK_MS - 1);
		lane.isBusy = true;
		await vi.advanceTimersByTimeAsync(1);
		expect(textOf((await first).value)).toBe('1');
		const second = pieces.next();
		await vi.advanceTimersByTimeAsync(WORK_MS);
		expect(textOf((await second).value)).toBe('2');
		expect(begun).toEqual([1, 2]);
		await vi.advanceTimersByTimeAsync(25 * 2 * WORK_MS);
		expect(begun).toEqual([1, 2, 3]);
	});

	it('given a chunk without a line, when it is read, then the next one follows', async () => {
		const pieces = inChunks({ isBusy: false }, 1, async (n) => ({
			pieces: Promise.resolve(n === 1 ? [] : [bytes('last')]),
			next: n === 1 ? 2 : null
		}));
		expect(textOf((await pieces.next()).value)).toBe('last');
		expect((await pieces.next()).done).toBe(true);
	});

	it('given a reading that fails after the reader has left, then nobody is left with a refusal that is not heard', async () => {
		const pieces = inChunks({ isBusy: false }, 1, (n) =>
			n === 1
				? Promise.resolve({ pieces: Promise.resolve([bytes('1')]), next: 2 })
				: Promise.reject(new Error('away'))
		);
		await pieces.next();
		await expect(pieces.return(undefined)).resolves.toMatchObject({ done: true });
	});

	it('given a reading that fails, when the file comes to it, then it breaks off with the reason', async () => {
		const pieces = inChunks({ isBusy: false }, 1, async (n) => ({
			pieces: n === 1 ? Promise.resolve([bytes('1')]) : Promise.reject(new Error('away')),
			next: n + 1
		}));
		await pieces.next();
		await expect(pieces.next()).rejects.toThrow('away');
	});
});
