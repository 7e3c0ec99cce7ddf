import type { IncomingMessage, ServerResponse } from 'node:http';

const LARGEST_BODY_BYTES = 2 * 1024 * 1024;

/** One request as every room of the sandbox sees it. */
export interface SandboxRequest {
	method: string;
	url: URL;
	headers: IncomingMessage['headers'];
	rawBody: Buffer;
}

/**
 * What a room answers. `hang` keeps the caller waiting for that many real milliseconds and then
 * cuts the connection without an answer.
 */
export type Reply =
	| { kind: 'answer'; status: number; contentType: string; body: string | Buffer }
	| { kind: 'hang'; realMs: number };

export function jsonReply(status: number, value: unknown): Reply {
	return { kind: 'answer', status, contentType: 'application/json', body: JSON.stringify(value) };
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
		rawBody: Buffer.concat(chunks)
	};
}

/** Sends a reply, or keeps the caller waiting and cuts the line. */
export function sendReply(response: ServerResponse, reply: Reply): void {
	if (reply.kind === 'hang') {
		const timer = setTimeout(() => response.destroy(), reply.realMs);
		response.once('close', () => clearTimeout(timer));
		return;
	}
	const body = Buffer.from(reply.body);
	response.writeHead(reply.status, {
		'content-type': reply.contentType,
		'content-length': body.length,
		'cache-control': 'no-store'
	});
	response.end(body);
}
