import type { ByteRange } from './byte-range';

/** A complete file on this machine's disk. */
export interface LocalFile {
	path: string;
	bytes: number;
	contentType: string;
}

/** Where the files of recordings lie. */
export interface RecordingStore {
	/** Keeps a file under a key, all of it or nothing; one that was there is replaced. Takes the file away. */
	put(key: string, file: LocalFile): Promise<void>;
	/** The bytes of a file, or some of them; null when it is not there. */
	read(key: string, range: ByteRange | null): Promise<ReadableStream<Uint8Array> | null>;
	/** Deleting what is not there is no error. */
	delete(key: string): Promise<void>;
}
