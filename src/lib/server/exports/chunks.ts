/** Text of an export, chunk by chunk: the next is read while the one before is sent. */
export interface Chunk<Cursor> {
	/** Pieces of the file, made while the next chunk is read; none when nothing of this one is to be written. */
	texts: Iterable<string>;
	/** Where the next chunk begins; null after the last. */
	next: Cursor | null;
}

/** While calls are being booked, a file waits this many times as long as it has just worked. */
const RESTS = 12;
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
	let reading: Promise<Chunk<Cursor>> | null = read(first);
	let startedAt = performance.now();
	while (reading) {
		const { texts, next }: Chunk<Cursor> = await reading;
		const workedMs = performance.now() - startedAt;
		if (lane.isBusy) await rest(Math.min(workedMs * RESTS, REST_MS_MAX));
		startedAt = performance.now();
		reading = next === null ? null : read(next);
		// Whoever stops listening must not leave a refusal that nobody hears.
		reading?.catch(() => {});
		yield* texts;
	}
}

function rest(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
