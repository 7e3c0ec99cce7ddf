import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { RecordingStore } from './store';

/** Recordings on the local disk, under one directory. Keys are made by us and never leave it. */
export function openDiskStore(directory: string): RecordingStore {
	const pathOf = (key: string) => path.join(directory, key);
	return {
		async put(key, file) {
			await mkdir(path.dirname(pathOf(key)), { recursive: true, mode: 0o700 });
			await rename(file.path, pathOf(key));
		},
		async read(key, range) {
			const file = await open(pathOf(key)).catch(nullWhenAbsent);
			if (file === null) return null;
			return Readable.toWeb(file.createReadStream(range ?? {})) as ReadableStream<Uint8Array>; // the same class, declared twice
		},
		async delete(key) {
			await rm(pathOf(key), { force: true });
		}
	};
}

function nullWhenAbsent(error: unknown): null {
	if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
	throw error;
}
