import type { IncomingMessage, ServerResponse } from 'node:http';

const LARGEST_BODY_BYTES = 2 * 1024 * 1024;

/** One request as every room of the sandbox sees it. */
export interface SandboxRequest {
	method: string;
	url: URL;
	headers: IncomingMessage['headers'];
	rawBody: Buffer;
	/** Settles after the latency a fault plan asks for; a room awaits it before it does the work. */
	pause(): Promise<void>;
}

export interface Answer {
	kind: 'answer';
	status: number;
	contentType: string;
	body: string | Buffer;
	headers?: Record<string, string>;
}

/**
 * What a room answers. `hang` keeps the caller waiting for that many real milliseconds and then
 * cuts the connection without an answer; `trickle` sends the answer in pieces over that time.
 */
export type Reply =
	Answer | { kind: 'hang'; realMs: number } | { kind: 'trickle'; answer: Answer; realMs: number };

const TRICKLE_PIECES = 50;

export function jsonReply(status: number, value: unknown): Answer {
	return { kind: 'answer', status, contentType: 'application/json', body: JSON.stringify(value) };
}

export function htmlReply(status: number, body: string): Answer {
	return { kind: 'answer', status, contentType: 'text/html; charset=utf-8', body };
}

/** Sends a browser elsewhere after a form was posted. */
export function seeOther(location: string): Answer {
	return {
		kind: 'answer',
		status: 303,
		contentType: 'text/plain',
		body: '',
		headers: { location }
	};
}

/** A file, or the part of it the Range header asks for. */
export function fileReply(request: SandboxRequest, contentType: string, body: Buffer): Answer {
	const whole: Answer = {
		kind: 'answer',
		status: 200,
		contentType,
		body,
		headers: { 'accept-ranges': 'bytes' }
	};
	const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
	if (range === null || (range[1] === '' && range[2] === '')) return whole;
	const isSuffix = range[1] === '';
	const first = isSuffix ? Math.max(0, body.length - Number(range[2])) : Number(range[1]);
	const last = isSuffix || range[2] === '' ? body.length - 1 : Number(range[2]);
	if (first > last || first >= body.length) {
		const headers = { 'content-range': `bytes */${body.length}` };
		return { ...whole, status: 416, body: '', headers };
	}
	const end = Math.min(last, body.length - 1);
	const headers = {
		'accept-ranges': 'bytes',
		'content-range': `bytes ${first}-${end}/${body.length}`
	};
	return { ...whole, status: 206, body: body.subarray(first, end + 1), headers };
}

export class BodyTooLarge extends Error {}

/** Reads a whole request. Throws BodyTooLarge above 2 MB. */
export async function readRequest(request: IncomingMessage): Promise<SandboxRequest> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request) {
		const part = Buffer.from(chunk);
		bytes += part.length;
		if (bytes > LARGEST_BODY_BYTES) throw new BodyTooLarge('The body is larger than 2 MB.');
		chunks.push(part);
	}
	return {
		method: request.method ?? 'GET',
		url: new URL(request.url ?? '/', 'http://sandbox.localhost'),
		headers: request.headers,
		rawBody: Buffer.concat(chunks),
		pause: () => Promise.resolve()
	};
}

/** Sends a reply, or keeps the caller waiting and cuts the line. */
export function sendReply(response: ServerResponse, reply: Reply): void {
	if (reply.kind === 'hang') {
		const timer = setTimeout(() => response.destroy(), reply.realMs);
		response.once('close', () => clearTimeout(timer));
		return;
	}
	const { status, contentType, headers, body } = reply.kind === 'answer' ? reply : reply.answer;
	const bytes = Buffer.from(body);
	response.writeHead(status, {
		'content-type': contentType,
		'content-length': bytes.length,
		'cache-control': 'no-store',
		...headers
	});
	if (reply.kind === 'answer') response.end(bytes);
	else trickle(response, bytes, reply.realMs);
}

function trickle(response: ServerResponse, bytes: Buffer, realMs: number): void {
	const pieceBytes = Math.max(1, Math.ceil(bytes.length / TRICKLE_PIECES));
	const pieces = Math.max(1, Math.ceil(bytes.length / pieceBytes));
	let sent = 0;
	const timer = setInterval(() => {
		response.write(bytes.subarray(sent, (sent += pieceBytes)));
		if (sent < bytes.length) return;
		clearInterval(timer);
		response.end();
	}, realMs / pieces);
	response.once('close', () => clearInterval(timer));
}
