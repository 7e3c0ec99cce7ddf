import { timingSafeEqual } from 'node:crypto';
import { jsonReply, type Answer, type SandboxRequest } from '../http';
import { errorReply, StripeError } from './errors';
import { randomLetters } from './ids';
import { API_VERSION } from './objects';
import { expand } from './lists';
import { Params } from './params';
import { findEndpoint } from './routes';
import type { StripeRoom } from './room';

function keyOf({ headers }: SandboxRequest): string {
	const given = /^(Bearer|Basic) (.+)$/i.exec(headers.authorization ?? '');
	if (given?.[1]?.toLowerCase() !== 'basic') return given?.[2] ?? '';
	return Buffer.from(given[2] ?? '', 'base64')
		.toString('utf8')
		.replace(/:.*$/, '');
}

function checkKey(request: SandboxRequest, secretKey: string): void {
	const given = Buffer.from(keyOf(request));
	const expected = Buffer.from(secretKey);
	if (given.length === expected.length && timingSafeEqual(given, expected)) return;
	const message =
		given.length === 0
			? 'You did not provide an API key.'
			: `Invalid API Key provided: ${given.toString('utf8').slice(0, 8)}****`;
	throw new StripeError(401, 'invalid_request_error', message);
}

/** Nothing is kept of a request that never began to execute (PROVIDERS.md 4.6). */
function hasBegun(error: StripeError): boolean {
	return error.type === 'card_error' || error.type === 'api_error';
}

function execute(room: StripeRoom, request: SandboxRequest, params: Params): Answer {
	const { method, url } = request;
	const found = findEndpoint(method, url.pathname);
	if (found === null) {
		const message = `Unrecognized request URL (${method}: ${url.pathname}).`;
		throw new StripeError(404, 'invalid_request_error', message);
	}
	const object = found.endpoint({ room, params, ids: found.ids });
	return jsonReply(200, expand(room, object, params));
}

async function executeOnce(
	room: StripeRoom,
	request: SandboxRequest,
	params: Params,
	requestId: string
): Promise<Answer> {
	const key = request.method === 'POST' ? findIdempotencyKey(request) : null;
	if (key === null) await request.pause();
	else {
		const fingerprint = `${request.url.pathname} ${params.fingerprint()}`;
		const kept = room.keys.claim(key, fingerprint, room.context.clock.nowMs());
		if (kept !== null) {
			const original = kept.headers?.['request-id'] ?? '';
			const headers = { 'idempotent-replayed': 'true', 'original-request': original };
			return { ...kept, headers: { ...kept.headers, ...headers } };
		}
		await request.pause();
	}
	room.events.cause = { requestId, idempotencyKey: key };
	try {
		const answer = { ...execute(room, request, params), headers: { 'request-id': requestId } };
		if (key !== null) room.keys.keep(key, answer);
		return answer;
	} catch (error) {
		const isKept = error instanceof StripeError && hasBegun(error);
		if (key !== null && !isKept) room.keys.release(key);
		if (!(error instanceof StripeError)) throw error;
		const answer = { ...errorReply(error), headers: { 'request-id': requestId } };
		if (key !== null && isKept) room.keys.keep(key, answer);
		return answer;
	} finally {
		room.events.cause = null;
	}
}

export function findIdempotencyKey({ headers }: SandboxRequest): string | null {
	const key = headers['idempotency-key'];
	return typeof key === 'string' && key !== '' ? key : null;
}

/** Answers one REST request the way Stripe does: envelope, request id, idempotency. */
export async function answerStripeApi(
	room: StripeRoom,
	secretKey: string,
	request: SandboxRequest
): Promise<Answer> {
	const requestId = `req_${randomLetters(14)}`;
	const key = findIdempotencyKey(request);
	const standing: Record<string, string> = {
		'request-id': requestId,
		'stripe-version': API_VERSION,
		...(key === null ? {} : { 'idempotency-key': key })
	};
	const form = new URLSearchParams(
		request.method === 'POST' ? request.rawBody.toString('utf8') : request.url.search
	);
	try {
		checkKey(request, secretKey);
		const answer = await executeOnce(room, request, Params.read(form), requestId);
		return { ...answer, headers: { ...standing, ...answer.headers } };
	} catch (error) {
		if (!(error instanceof StripeError)) throw error;
		return { ...errorReply(error), headers: standing };
	}
}
