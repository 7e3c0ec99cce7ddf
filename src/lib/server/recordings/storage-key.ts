import { createHash } from 'node:crypto';

/** Where a recording lies in the storage: always the same place, and a name that tells nothing. */
export function storageKeyOf(recordingId: string): string {
	const hash = createHash('sha256').update(recordingId).digest('hex');
	return `${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`;
}
