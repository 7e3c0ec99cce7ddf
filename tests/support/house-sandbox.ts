/**
 * A house whose phone providers are the sandbox: the real adapters ask it, and it posts callbacks back to
 * a door that hands them to the webhook verbs.
 */
import http from 'node:http';
import type { Provider } from '$lib/domain/call/event';
import type { CallView } from '$lib/views';
import { placeCall } from '$lib/server/calls/place-call';
import { sweepCalls, type SweepReport } from '$lib/server/calls/sweep-calls';
import type { CallFinding, ProviderBillRow } from '$lib/server/providers/types';
import type { Services } from '$lib/server/services';
import type { PlaceCallInput } from '$lib/inputs';
import type { WebhookAnswer } from '$lib/server/webhooks/answer';
import { receiveBolnaStatus } from '$lib/server/webhooks/receive-bolna-status';
import { receiveExotelStatus } from '$lib/server/webhooks/receive-exotel-status';
import { receiveTwilioStatus } from '$lib/server/webhooks/receive-twilio-status';
import { receiveTwilioDialled } from '$lib/server/webhooks/receive-twilio-dialled';
import { receiveTwilioMachine } from '$lib/server/webhooks/receive-twilio-machine';
import { receiveTwilioRecording } from '$lib/server/webhooks/receive-twilio-recording';
import { receiveTwilioVoice } from '$lib/server/webhooks/receive-twilio-voice';
import { startSandbox, type RunningSandbox } from '../../src/sandbox/server';
import { ACCOUNT_SID, AUTH_TOKEN, House, newNumber, TestClock, type Tenant } from './house';

/** Simulated seconds per real second. */
export const FAST = 5_000;
/** A talk of minutes takes seconds: time enough to look at it. */
export const UNHURRIED = 10;
export const STANDING = 0.1;
const BROWSER = {
	TWILIO_API_KEY_SID: `SK${'0'.repeat(31)}1`,
	TWILIO_API_KEY_SECRET: 'a-secret-for-tests',
	TWILIO_TWIML_APP_SID: `AP${'0'.repeat(31)}1`
};
/** What answers at each door of Twilio's. */
const DOORS: Record<string, typeof receiveTwilioStatus> = {
	'/api/twilio/voice': receiveTwilioVoice,
	'/api/twilio/dialled': receiveTwilioDialled,
	'/api/twilio/recording': receiveTwilioRecording,
	'/api/twilio/amd': receiveTwilioMachine
};

/** Credentials of those that sign nothing, for app and sandbox. */
export const KEYED_PROVIDERS = {
	EXOTEL_ACCOUNT_SID: 'talktime1',
	EXOTEL_API_KEY: 'exotel-api-key',
	EXOTEL_API_TOKEN: 'exotel-api-token',
	EXOTEL_CALLER_ID: '+918047104890',
	EXOTEL_WEBHOOK_KEY: 'exotel-webhook-key',
	BOLNA_API_KEY: 'bolna-api-key',
	BOLNA_AGENT_ID: '123e4567-e89b-12d3-a456-426655440000',
	BOLNA_WEBHOOK_KEY: 'bolna-webhook-key',
	BOLNA_CALL_SECONDS_MAX: '180'
};

export interface SandboxHouseOptions {
	/** How long the app waits for a provider. */
	timeoutSeconds?: number;
	/** Over the usual environment of the app. */
	environment?: Record<string, string>;
}

export interface ReceivedCallback {
	/** The fields of a form or of a JSON body. */
	form: Record<string, unknown>;
	answer: WebhookAnswer;
}

export class SandboxHouse {
	private constructor(
		readonly house: House,
		readonly sandbox: RunningSandbox,
		private readonly door: CallbackDoor
	) {}

	static async open(options: SandboxHouseOptions = {}): Promise<SandboxHouse> {
		const door = await CallbackDoor.open();
		const environment = {
			TWILIO_ACCOUNT_SID: ACCOUNT_SID,
			TWILIO_AUTH_TOKEN: AUTH_TOKEN,
			...BROWSER,
			...KEYED_PROVIDERS,
			BOLNA_CALL_TERMINATE_SECONDS: KEYED_PROVIDERS.BOLNA_CALL_SECONDS_MAX,
			SANDBOX_APP_URL: door.origin
		};
		const sandbox = await startSandbox({ speed: FAST, seed: 'db', environment, log: () => {} });
		const house = await House.open({
			// The sandbox stamps with the wall clock, as Twilio does.
			clock: new TestClock(Date.now),
			origin: door.origin,
			environment: {
				...BROWSER,
				TWILIO_API_BASE_URL: sandbox.url,
				EXOTEL_API_BASE_URL: sandbox.url,
				BOLNA_API_BASE_URL: sandbox.url,
				...KEYED_PROVIDERS,
				PROVIDER_TIMEOUT_SECONDS: String(options.timeoutSeconds ?? 0.4),
				...options.environment
			}
		});
		door.services = house.services;
		return new SandboxHouse(house, sandbox, door);
	}

	/** Callbacks that were answered, in order. */
	get received(): ReceivedCallback[] {
		return this.door.received;
	}

	/** Back to a fast sandbox without calls and faults. */
	reset(): void {
		this.sandbox.control.reset();
		this.sandbox.control.context.clock.setSpeed(FAST);
	}

	/** An agent calls a new number; its last two digits choose what happens. */
	async dial(
		tenant: Tenant,
		suffix: string,
		to = newNumber(suffix),
		wishes: Partial<PlaceCallInput> = {}
	): Promise<CallView> {
		const ctx = this.house.as(tenant.agent);
		const view = await placeCall({ ctx, input: { to, ...wishes } });
		if (!view.placed) throw new Error(view.block.message);
		return view.call;
	}

	/** Asks the provider about every live call, as if `secondsLater`: after it our clock is the sandbox's again. */
	async sweep(secondsLater = 0, services = this.house.services): Promise<SweepReport> {
		this.house.clock.advanceSeconds(secondsLater);
		try {
			const ctx = this.house.context({ kind: 'job' }, services);
			return await sweepCalls({ ctx, input: { everyLiveCall: true } });
		} finally {
			this.house.clock.advanceSeconds(-secondsLater);
		}
	}

	/** Resolves when the call's row fits, looked at now and after every live event that tells of it. */
	async until(callId: string, fits: (row: Record<string, unknown>) => boolean) {
		let wake: () => void = () => {};
		let isNews = true;
		const unsubscribe = this.house.services.hub.subscribe({
			organizationId: null,
			push: () => {
				isNews = true;
				wake();
			}
		});
		try {
			for (;;) {
				isNews = false;
				const row = await this.house.callRow(callId);
				if (fits(row)) return row;
				await new Promise<void>((resolve) => {
					wake = resolve;
					if (isNews) resolve();
				});
			}
		} finally {
			unsubscribe();
		}
	}

	untilEnded(callId: string) {
		return this.until(callId, (row) => row.ended_at !== null);
	}

	/** Every callback of one provider call, once there are `count`. */
	callbacksOf(sid: string, count: number): Promise<ReceivedCallback[]> {
		return this.door.waitFor(sid, count);
	}

	/** What a provider says of one of its calls. */
	async findCall(provider: Provider, providerCallId: string): Promise<CallFinding> {
		const nowMs = this.house.clock.read();
		const adapter = this.house.services.providers[provider];
		if (!adapter) throw new Error(`${provider} is not set up.`);
		return adapter.findCall({
			callId: null,
			providerCallId,
			from: adapter.fromNumber,
			to: '',
			initiatedAtMs: nowMs,
			takenProviderCallIds: [],
			nowMs
		});
	}

	/** Every row of a provider's bill of this hour. */
	async billOf(provider: Provider): Promise<ProviderBillRow[]> {
		const nowMs = this.house.clock.read();
		const rows: ProviderBillRow[] = [];
		const period = { fromMs: nowMs - 3_600_000, toMs: nowMs + 60_000 };
		for await (const row of this.house.services.providers[provider]?.listBill(period) ?? []) {
			rows.push(row);
		}
		return rows;
	}

	finish(sid: string | null, seconds?: number): void {
		for (const provider of this.sandbox.control.providers) {
			provider.finishCall(sid ?? '', { seconds });
		}
	}

	async close(): Promise<void> {
		await this.sandbox.close();
		await this.door.close();
		await this.house.close();
	}
}

/** Where the sandbox posts: a server as small as the route. */
class CallbackDoor {
	services: Services | null = null;
	readonly received: ReceivedCallback[] = [];
	private waiting: (() => void)[] = [];

	private constructor(
		private readonly server: http.Server,
		readonly origin: string
	) {
		server.on('request', (request, response) => {
			this.receive(request).then(
				({ status, body, contentType }) =>
					response.writeHead(status, { 'content-type': contentType ?? 'text/plain' }).end(body),
				() => response.writeHead(500).end()
			);
		});
	}

	static async open(): Promise<CallbackDoor> {
		const server = http.createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		if (typeof address !== 'object' || address === null) throw new Error('The door has no port.');
		return new CallbackDoor(server, `http://127.0.0.1:${address.port}`);
	}

	async waitFor(sid: string, count: number): Promise<ReceivedCallback[]> {
		for (;;) {
			const found = this.received.filter(({ form }) => (form.CallSid ?? form.id) === sid);
			if (found.length >= count) return found;
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		}
	}

	close(): Promise<void> {
		return new Promise((resolve) => {
			this.server.close(() => resolve());
			this.server.closeAllConnections();
		});
	}

	private async receive(request: http.IncomingMessage): Promise<WebhookAnswer> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(Buffer.from(chunk));
		if (this.services === null) throw new Error('Nobody is at home.');
		const received = await handOver(this.services, request, Buffer.concat(chunks));
		this.received.push(received);
		this.waiting.splice(0).forEach((wake) => wake());
		return received.answer;
	}
}

async function handOver(
	services: Services,
	request: http.IncomingMessage,
	body: Buffer
): Promise<ReceivedCallback> {
	const url = new URL(request.url ?? '/', services.config.origin);
	const provider = /^\/api\/webhooks\/(exotel|bolna)\/call-status$/.exec(url.pathname)?.[1];
	if (provider === undefined) {
		const form = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
		const signature = String(request.headers['x-twilio-signature']);
		const pathAndQuery = request.url ?? '';
		const receiveTwilio = DOORS[url.pathname] ?? receiveTwilioStatus;
		return { form, answer: await receiveTwilio(services, { pathAndQuery, signature, form }) };
	}
	const receive = provider === 'exotel' ? receiveExotelStatus : receiveBolnaStatus;
	const answer = await receive(services, {
		query: url.searchParams,
		contentType: request.headers['content-type'] ?? '',
		body,
		address: request.socket.remoteAddress ?? null
	});
	return { form: JSON.parse(body.toString('utf8')), answer };
}
