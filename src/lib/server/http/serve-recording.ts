/** A recording over HTTP: whole, in part, or only its head (RFC 9110, sections 13 and 14). */
import type { RequestEvent } from '@sveltejs/kit';
import { RecordingIdInput } from '$lib/inputs';
import { AppError } from '../errors';
import { readByteRange } from '../recordings/byte-range';
import { openRecording } from '../recordings/open-recording';
import { answerRest } from './rest';

export function serveRecording(event: RequestEvent): Promise<Response> {
	return answerRest(event, async () => {
		const input = readId(event);
		const recording = await openRecording({ ctx: event.locals.ctx, input });
		const { request } = event;
		const headers: Record<string, string> = {
			'content-type': recording.contentType,
			'content-disposition': 'inline',
			'accept-ranges': 'bytes',
			etag: recording.etag,
			// Theirs alone: no proxy keeps it, and no other site plays it.
			'cache-control': 'private, no-store',
			'cross-origin-resource-policy': 'same-origin'
		};
		const range = readByteRange(rangeOf(request, recording.etag), recording.bytes);
		if (range === 'unsatisfiable') {
			headers['content-range'] = `bytes */${recording.bytes}`;
			return new Response(null, { status: 416, headers });
		}
		const length = range ? range.end - range.start + 1 : recording.bytes;
		headers['content-length'] = String(length);
		if (range) headers['content-range'] = `bytes ${range.start}-${range.end}/${recording.bytes}`;
		const status = range ? 206 : 200;
		if (request.method === 'HEAD') return new Response(null, { status, headers });
		return new Response(await recording.read(range), { status, headers });
	});
}

/** A part is only sent of the file that the asker has begun with. */
function rangeOf({ headers }: Request, etag: string): string | null {
	const ifRange = headers.get('if-range');
	return ifRange === null || ifRange === etag ? headers.get('range') : null;
}

/** An id that is none names nothing. */
function readId({ params }: RequestEvent): RecordingIdInput {
	const read = RecordingIdInput.safeParse({ recordingId: params.id });
	if (!read.success) throw new AppError('not_found', 'There is no such recording.');
	return read.data;
}
