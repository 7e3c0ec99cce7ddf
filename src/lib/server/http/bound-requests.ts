/**
 * How much may come in: the size of one body by where it goes, and of webhooks together so much at a time,
 * because nothing else holds them back.
 */
import type { Handle } from '@sveltejs/kit';
import { bodyBytesMax, isWebhookPath } from './paths';
import { WEBHOOK_BYTES_MAX } from './read-bytes';
import { refuse } from './refuse';

/** Each waits for the lane's commit; more at once only make each of them late. */
const WEBHOOKS_AT_ONCE_MAX = 1_000;
const WEBHOOK_BYTES_AT_ONCE_MAX = 128 * 1024 * 1024;

/** A connection that ends over bytes nobody read takes the answer with it; longer ones may lose it. */
const DRAINED_BYTES_MAX = 4 * 1024 * 1024;

async function drain(body: ReadableStream<Uint8Array> | null, bytes: number): Promise<void> {
	if (body === null || bytes > DRAINED_BYTES_MAX) return;
	// Kit breaks the stream off where BODY_SIZE_LIMIT is reached.
	await body.pipeTo(new WritableStream()).catch(() => {});
}

let webhooks = 0;
let webhookBytes = 0;

export const boundRequests: Handle = async ({ event, resolve }) => {
	const { request, url } = event;
	const declared = request.headers.get('content-length');
	const bytes = declared === null ? 0 : Number(declared);
	const bytesMax = bodyBytesMax(url.pathname);
	if (bytes > bytesMax) {
		const sentence = `The body has ${bytes} bytes; at most ${bytesMax} are taken here.`;
		await drain(request.body, bytes);
		return refuse(event, 'too_large', sentence);
	}
	if (!isWebhookPath(url.pathname)) return resolve(event);

	const expected = request.body === null ? 0 : declared === null ? WEBHOOK_BYTES_MAX : bytes;
	if (webhooks >= WEBHOOKS_AT_ONCE_MAX || webhookBytes + expected > WEBHOOK_BYTES_AT_ONCE_MAX) {
		const response = refuse(event, 'unavailable', 'Too many deliveries at once. Send it again.');
		response.headers.set('retry-after', '1');
		return response;
	}
	webhooks++;
	webhookBytes += expected;
	try {
		return await resolve(event);
	} finally {
		webhooks--;
		webhookBytes -= expected;
	}
};
