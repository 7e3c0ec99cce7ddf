/**
 * One HTTP request after the other over a plain connection: a request is written as it was prepared, and its
 * answer is read as far as is needed. A whole HTTP client would take a share of what is measured beside it.
 */
import { connect, type Socket } from 'node:net';

export interface Answer {
	status: number;
	body: string;
}

/** A connection to the app, which stays open. */
export function openSocket(port: number): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
		socket.setEncoding('latin1');
		socket.once('error', reject);
	});
}

/** Writes one request and reads its answer. */
export function exchange(socket: Socket, request: Buffer): Promise<Answer> {
	return new Promise((resolve, reject) => {
		if (socket.destroyed) return reject(new Error('The app has closed the connection.'));
		let text = '';
		const finish = () => {
			socket.off('data', onData);
			socket.off('close', onClose);
		};
		const onData = (chunk: string) => {
			text += chunk;
			const answer = findAnswer(text);
			if (!answer) return;
			finish();
			resolve(answer);
		};
		const onClose = () => {
			finish();
			reject(new Error(`The app closed the connection after "${text.slice(0, 200)}".`));
		};
		socket.on('data', onData);
		socket.on('close', onClose);
		socket.write(request);
	});
}

/** The answer, once all of it is there: by its length, or by the empty chunk at its end. */
function findAnswer(text: string): Answer | null {
	const headEnd = text.indexOf('\r\n\r\n');
	if (headEnd < 0) return null;
	const head = text.slice(0, headEnd).toLowerCase();
	const rest = text.slice(headEnd + 4);
	const status = Number(head.slice(9, 12));
	const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
	if (length !== undefined) return rest.length < Number(length) ? null : { status, body: rest };
	return rest.endsWith('0\r\n\r\n') ? { status, body: joinChunks(rest) } : null;
}

function joinChunks(rest: string): string {
	let body = '';
	for (let at = 0; ;) {
		const lineEnd = rest.indexOf('\r\n', at);
		const size = parseInt(rest.slice(at, lineEnd), 16);
		if (!(size > 0)) return body;
		body += rest.slice(lineEnd + 2, lineEnd + 2 + size);
		at = lineEnd + 2 + size + 2;
	}
}
