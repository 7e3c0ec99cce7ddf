import http from 'node:http';

export interface ReceivedBody {
	path: string;
	headers: http.IncomingHttpHeaders;
	/** JSON as it came; a form as flat fields. */
	body: Record<string, unknown>;
}

async function parse(contentType: string, raw: Buffer): Promise<Record<string, unknown>> {
	if (contentType.includes('json')) return Object(JSON.parse(raw.toString('utf8')));
	const response = new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } });
	return Object.fromEntries([...(await response.formData()).entries()]);
}

/** An app's webhook door for providers that do not sign: keeps bodies of any encoding. */
export class BodyReceiver {
	readonly received: ReceivedBody[] = [];
	/** Statuses to answer first; then 200. */
	readonly answers: number[] = [];
	url = '';
	#waiting: (() => void)[] = [];
	readonly #server = http.createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const contentType = request.headers['content-type'] ?? '';
			void parse(contentType, Buffer.concat(chunks)).then((body) => {
				this.received.push({ path: request.url ?? '', headers: request.headers, body });
				response.writeHead(this.answers.shift() ?? 200).end();
				this.#waiting.splice(0).forEach((wake) => wake());
			});
		});
	});

	async open(): Promise<this> {
		await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
		const address = this.#server.address();
		this.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
		return this;
	}

	/** Waits until at least `count` bodies fit. */
	async waitFor(
		fits: (body: Record<string, unknown>) => boolean,
		count = 1
	): Promise<Record<string, unknown>[]> {
		for (;;) {
			const found = this.received.map(({ body }) => body).filter(fits);
			if (found.length >= count) return found;
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	close(): Promise<void> {
		return new Promise((resolve) => {
			this.#server.close(() => resolve());
			this.#server.closeAllConnections();
		});
	}
}
