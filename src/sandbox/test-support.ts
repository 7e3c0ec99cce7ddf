import http from 'node:http';
import twilio from 'twilio';
import { startSandbox, type RunningSandbox, type SandboxOptions } from './server';

export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
export const AUTH_TOKEN = 'a-token-for-tests';
export const ENVIRONMENT = {
	TWILIO_ACCOUNT_SID: ACCOUNT_SID,
	TWILIO_AUTH_TOKEN: AUTH_TOKEN,
	TWILIO_API_KEY_SID: 'SK00000000000000000000000000000001',
	TWILIO_API_KEY_SECRET: 'a-key-secret-for-tests',
	TWILIO_TWIML_APP_SID: 'AP00000000000000000000000000000001'
};
export const FROM = '+12025550101';

/** The SDK's own client with another base URL and nothing else: what the app does too. */
class OtherBaseClient extends twilio.RequestClient {
	constructor(
		private readonly baseUrl: string,
		timeoutMs?: number
	) {
		super(timeoutMs === undefined ? {} : { timeout: timeoutMs });
	}

	override request<TData>(
		options: Parameters<typeof twilio.RequestClient.prototype.request<TData>>[0]
	): ReturnType<typeof twilio.RequestClient.prototype.request<TData>> {
		const uri = options.uri.replace('https://api.twilio.com', this.baseUrl);
		return super.request<TData>({ ...options, uri });
	}
}

/** The real Twilio SDK, talking to the sandbox. */
export function sdkFor(baseUrl: string, authToken = AUTH_TOKEN, timeoutMs?: number): twilio.Twilio {
	return twilio(ACCOUNT_SID, authToken, { httpClient: new OtherBaseClient(baseUrl, timeoutMs) });
}

export interface ReceivedCallback {
	method: string;
	url: string;
	headers: http.IncomingHttpHeaders;
	fields: Record<string, string>;
	isSigned: boolean;
	receivedAtMs: number;
}

/** A small app: keeps what it receives and answers the statuses it was told, then 204. */
export class CallbackReceiver {
	readonly received: ReceivedCallback[] = [];
	readonly answers: number[] = [];
	/** TwiML to answer, by path. */
	readonly pages = new Map<string, string>();
	#waiting: (() => void)[] = [];
	readonly #server = http.createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			this.#keep(request, Buffer.concat(chunks).toString('utf8'));
			const page = this.pages.get(new URL(request.url ?? '/', this.url).pathname);
			if (page === undefined) response.writeHead(this.answers.shift() ?? 204).end();
			else response.writeHead(200, { 'content-type': 'text/xml' }).end(page);
			this.#waiting.splice(0).forEach((wake) => wake());
		});
	});
	url = '';

	async open(): Promise<this> {
		await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
		const address = this.#server.address();
		this.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
		return this;
	}

	close(): Promise<void> {
		return new Promise((resolve) => {
			this.#server.close(() => resolve());
			this.#server.closeAllConnections();
		});
	}

	/** Waits until at least `count` callbacks fit. */
	async waitFor(
		fits: (callback: ReceivedCallback) => boolean,
		count = 1
	): Promise<ReceivedCallback[]> {
		for (;;) {
			const found = this.received.filter(fits);
			if (found.length >= count) return found;
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	/** Every callback of one call, once its final one is in. */
	async allOf(callSid: string): Promise<Record<string, string>[]> {
		const isOfCall = ({ fields }: ReceivedCallback): boolean => fields.CallSid === callSid;
		await this.waitFor((one) => isOfCall(one) && one.fields.CallDuration !== undefined);
		return this.received.filter(isOfCall).map((one) => one.fields);
	}

	#keep(request: http.IncomingMessage, body: string): void {
		const fields = Object.fromEntries(new URLSearchParams(body));
		const signature = String(request.headers['x-twilio-signature']);
		const url = this.url + (request.url ?? '');
		this.received.push({
			method: request.method ?? '',
			url,
			headers: request.headers,
			fields,
			isSigned: twilio.validateRequest(AUTH_TOKEN, signature, url, fields),
			receivedAtMs: performance.now()
		});
	}
}

export interface SandboxHouse {
	sandbox: RunningSandbox;
	receiver: CallbackReceiver;
	sdk: twilio.Twilio;
	log: string[];
	/** Creates a call subscribed to every event. */
	dial(to: string, more?: object): ReturnType<twilio.Twilio['calls']['create']>;
	/** One request to the control API. */
	ask(method: string, path: string, value?: unknown): Promise<{ status: number; body: unknown }>;
	close(): Promise<void>;
}

export const ALL_EVENTS = ['initiated', 'ringing', 'answered', 'completed'];

/** A sandbox, an app that receives and an SDK, ready to dial. */
export async function openHouse(options: Partial<SandboxOptions> = {}): Promise<SandboxHouse> {
	const log: string[] = [];
	const receiver = await new CallbackReceiver().open();
	const sandbox = await startSandbox({
		speed: 500,
		seed: 'test',
		environment: { ...ENVIRONMENT, SANDBOX_APP_URL: receiver.url },
		log: (line) => log.push(line),
		...options
	});
	const sdk = sdkFor(sandbox.url);
	return {
		sandbox,
		receiver,
		sdk,
		log,
		dial: (to, more = {}) =>
			sdk.calls.create({
				to,
				from: FROM,
				url: `${receiver.url}/voice`,
				statusCallback: `${receiver.url}/status?x=1#rc=3&rp=all`,
				statusCallbackEvent: ALL_EVENTS,
				...more
			}),
		ask: async (method, path, value) => {
			const body = value === undefined ? undefined : JSON.stringify(value);
			const response = await fetch(`${sandbox.url}/_sandbox${path}`, { method, body });
			return { status: response.status, body: await response.json() };
		},
		close: async () => {
			await sandbox.close();
			await receiver.close();
		}
	};
}
