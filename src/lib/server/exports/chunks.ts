/** An export, chunk by chunk: the next are read while the one before is sent. */
export interface Chunk<Cursor> {
	/** Pieces of the file, when they are there; none when nothing of this chunk is to be written. */
	pieces: Promise<Uint8Array[]>;
	/** Where the next chunk begins; null after the last. */
	next: Cursor | null;
}

/** A core each, where calls leave them. */
const AT_ONCE = 2;
/** While calls are being booked, a file waits this many times as long as it has just worked. */
const RESTS = 25;
const REST_MS_MAX = 3_000;

/**
 * Every chunk is a statement, and so a snapshot, of its own: none lives longer than a moment, however long
 * the file is. Few chunks are under way or waiting, so memory does not grow with the file.
 * @param lane calls come first: a file takes what they leave
 * @param read begins to read a chunk
 */
export async function* inChunks<Cursor>(
	lane: { isBusy: boolean },
	first: Cursor,
	read: (cursor: Cursor) => Promise<Chunk<Cursor>>
): AsyncGenerator<Uint8Array> {
	const underWay: Promise<Uint8Array[] | null>[] = [];
	let cursor: Promise<Cursor | null> = Promise.resolve(first);
	let workedMs = 0;
	const begin = () => {
		const chunk = cursor.then(async (at) => {
			if (at === null) return null;
			if (lane.isBusy) await rest(Math.min(workedMs * RESTS, REST_MS_MAX));
			const startedAt = performance.now();
			const { next, pieces } = await read(at);
			const timed = pieces.finally(() => (workedMs = performance.now() - startedAt));
			return { next, pieces: unheard(timed) };
		});
		cursor = unheard(chunk.then((begun) => begun && begun.next));
		underWay.push(unheard(chunk.then((begun) => begun && begun.pieces)));
	};
	const fill = () => {
		while (underWay.length < (lane.isBusy ? 1 : AT_ONCE)) begin();
	};
	for (fill(); ;) {
		const pieces = await underWay.shift();
		if (!pieces) return;
		fill();
		yield* pieces;
	}
}

/** Whoever stops listening must not leave a refusal that nobody hears. */
function unheard<Result>(promise: Promise<Result>): Promise<Result> {
	promise.catch(() => {});
	return promise;
}

function rest(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
