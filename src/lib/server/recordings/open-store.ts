import path from 'node:path';
import type { Config } from '../config';
import { openDiskStore } from './disk-store';
import { openS3Store } from './s3-store';
import type { RecordingStore } from './store';

export function openRecordingStore(config: Config): RecordingStore {
	return config.recordingsS3
		? openS3Store(config.recordingsS3)
		: openDiskStore(recordingsDirectory(config));
}

/** Of this process: where files are kept, and where they are put together first. */
export function recordingsDirectory(config: Config): string {
	return path.resolve(config.dataDir, 'recordings');
}
