/** Text of an export, chunk by chunk: the next is read while the one before is sent. */
export interface Chunk<Cursor> {
	/** Pieces of the file, made while the next chunk is read; none when nothing of this one is to be written. */
	texts: Iterable<string>;
	/** Where the next chunk begins; null after the last. */
	next: Cursor | null;
}

interface Timed<Cursor> extends Chunk<Cursor> {
	workedMs: number;
}

/** While calls are being booked, a file waits this many times as long as it has just worked. */
const RESTS = 25;
const REST_MS_MAX = 3_000;

/**
 * Every chunk is a statement, and so a snapshot, of its own: none lives longer than a moment, however long
 * the file is. At most one chunk waits, so memory does not grow with the file.
 * @param lane calls come first: a file takes what they leave
 */
export async function* inChunks<Cursor>(
	lane: { isBusy: boolean },
	first: Cursor,
	read: (cursor: Cursor) => Promise<Chunk<Cursor>>
): AsyncGenerator<string> {
	const begin = async (cursor: Cursor, restMs: number): Promise<Timed<Cursor>> => {
		if (restMs > 0) await rest(restMs);
		const startedAt = performance.now();
		return { ...(await read(cursor)), workedMs: performance.now() - startedAt };
	};
	let reading: Promise<Timed<Cursor>> | null = begin(first, 0);
	while (reading) {
		const chunk: Timed<Cursor> = await reading;
		const restMs: number = lane.isBusy ? Math.min(chunk.workedMs * RESTS, REST_MS_MAX) : 0;
		reading = chunk.next === null ? null : begin(chunk.next, restMs);
		// Whoever stops listening must not leave a refusal that nobody hears.
		reading?.catch(() => {});
		yield* chunk.texts;
	}
}

function rest(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
