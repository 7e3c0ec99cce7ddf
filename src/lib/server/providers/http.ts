/**
 * Plain HTTP to a provider that has no client library: one deadline for the whole exchange, a cap on what
 * is read, no redirects followed, connections kept alive. Credentials travel in a header, never in a URL.
 */

/** More than the longest page of calls with their transcripts. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/** No whole answer came, so nothing is known of what became of the request. */
export class HttpTrouble extends Error {
	override name = 'HttpTrouble';
}

export interface HttpAnswer {
	status: number;
	/** The answer as JSON; null when it is none. */
	body: unknown;
}

export interface HttpRequest {
	query?: Record<string, string>;
	/** Sent as a form. */
	form?: Record<string, string>;
	/** Sent as JSON. */
	json?: object;
}

export interface HttpClient {
	/**
	 * @param path from the root of the base URL
	 * @throws HttpTrouble when no whole answer came in time
	 */
	request(method: 'GET' | 'POST', path: string, request?: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpOptions {
	/** Who is asked, for messages. */
	name: string;
	baseUrl: string;
	authorization: string;
	/** For the whole exchange, the last byte of the answer included. */
	timeoutMs: number;
}

export function openHttp(options: HttpOptions): HttpClient {
	const base = options.baseUrl.replace(/\/+$/, '');
	return {
		async request(method, path, { query = {}, form, json } = {}) {
			const url = new URL(base + path);
			for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
			const body = form ? new URLSearchParams(form) : json && JSON.stringify(json);
			try {
				const response = await fetch(url, {
					method,
					headers: {
						accept: 'application/json',
						authorization: options.authorization,
						...(json && { 'content-type': 'application/json' })
					},
					redirect: 'manual',
					signal: AbortSignal.timeout(options.timeoutMs),
					...(body && { body })
				});
				return { status: response.status, body: parseJson(await readText(response)) };
			} catch (error) {
				throw new HttpTrouble(`${options.name} did not answer: ${reasonOf(error)}`);
			}
		}
	};
}

async function readText(response: Response): Promise<string> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of response.body ?? []) {
		bytes += chunk.length;
		// Leaving the loop cancels the rest of the answer.
		if (bytes > ANSWER_BYTES_MAX) throw new Error(`more than ${ANSWER_BYTES_MAX} bytes`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** In words that hold neither URL nor header. */
function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return 'no reason given';
	if (error.name === 'TimeoutError') return 'too late';
	const { cause } = error;
	const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
	return code ?? error.message.replace(/https?:\S+/g, 'its address');
}
