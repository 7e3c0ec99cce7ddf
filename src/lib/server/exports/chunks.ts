/** Text of an export, chunk by chunk: the next is read while the one before is sent. */
export interface Chunk<Cursor> {
	/** Null: nothing of this chunk is to be written. */
	text: string | null;
	/** Where the next chunk begins; null after the last. */
	next: Cursor | null;
}

/**
 * Every chunk is a statement, and so a snapshot, of its own: none lives longer than a moment, however long
 * the file is. At most one chunk waits, so memory does not grow with the file.
 */
export async function* inChunks<Cursor>(
	first: Cursor,
	read: (cursor: Cursor) => Promise<Chunk<Cursor>>
): AsyncGenerator<string> {
	let reading: Promise<Chunk<Cursor>> | null = read(first);
	while (reading) {
		const { text, next }: Chunk<Cursor> = await reading;
		reading = next === null ? null : read(next);
		// Whoever stops listening must not leave a refusal that nobody hears.
		reading?.catch(() => {});
		if (text) yield text;
	}
}
