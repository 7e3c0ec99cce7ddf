import type { RecordingIdInput } from '$lib/inputs';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import type { ByteRange } from './byte-range';
import { getOwnRecording } from './recording-rows';

export interface OpenRecording {
	bytes: number;
	contentType: string;
	/** Of this file and no other; a recording never changes. */
	etag: string;
	/** @throws AppError `not_found` when the storage has lost it */
	read(range: ByteRange | null): Promise<ReadableStream<Uint8Array>>;
}

/** A recording to be heard by somebody who may see its call. */
export async function openRecording({
	ctx,
	input
}: {
	ctx: Context;
	input: RecordingIdInput;
}): Promise<OpenRecording> {
	const person = requirePerson(ctx, 'recordings.read');
	const row = await getOwnRecording(ctx, person, input.recordingId);
	const { storageKey, bytes, contentType } = row;
	if (row.state !== 'stored' || storageKey === null || bytes === null || contentType === null) {
		throw new AppError('not_found', ABSENT[row.state]);
	}
	return {
		bytes,
		contentType,
		etag: `"${row.id}"`,
		async read(range) {
			const stream = await ctx.services.recordings.read(storageKey, range);
			if (stream === null) {
				ctx.services.log.error({ recording: row.id }, 'recording: the file is gone');
				throw new AppError('not_found', 'The file of this recording is lost.');
			}
			return stream;
		}
	};
}

const ABSENT = {
	pending: 'The recording is still being fetched. Try again in a moment.',
	stored: 'The file of this recording is lost.',
	absent: 'There was nothing to record in this call.',
	failed: 'The recording could not be fetched from the phone provider.',
	deleted: 'The recording was deleted.'
} as const;
