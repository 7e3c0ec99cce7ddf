/**
 * A house whose Twilio is the sandbox: the real SDK asks it, and it posts signed callbacks back to a door
 * that hands them to the webhook verb.
 */
import http from 'node:http';
import type { CallView } from '$lib/views';
import { placeCall } from '$lib/server/calls/place-call';
import { sweepCalls, type SweepReport } from '$lib/server/calls/sweep-calls';
import type { Services } from '$lib/server/services';
import {
	receiveTwilioStatus,
	type WebhookAnswer
} from '$lib/server/webhooks/receive-twilio-status';
import { receiveTwilioDialled } from '$lib/server/webhooks/receive-twilio-dialled';
import { receiveTwilioMachine } from '$lib/server/webhooks/receive-twilio-machine';
import { receiveTwilioRecording } from '$lib/server/webhooks/receive-twilio-recording';
import { receiveTwilioVoice } from '$lib/server/webhooks/receive-twilio-voice';
import { startSandbox, type RunningSandbox } from '../../src/sandbox/server';
import { ACCOUNT_SID, AUTH_TOKEN, House, newNumber, TestClock, type Tenant } from './house';

/** Simulated seconds per real second. */
export const FAST = 5_000;
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

export interface ReceivedCallback {
	form: Record<string, string>;
	answer: WebhookAnswer;
}

export class SandboxHouse {
	private constructor(
		readonly house: House,
		readonly sandbox: RunningSandbox,
		private readonly door: CallbackDoor
	) {}

	static async open(): Promise<SandboxHouse> {
		const door = await CallbackDoor.open();
		const environment = {
			TWILIO_ACCOUNT_SID: ACCOUNT_SID,
			TWILIO_AUTH_TOKEN: AUTH_TOKEN,
			...BROWSER,
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
				PROVIDER_TIMEOUT_SECONDS: '0.4'
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
	async dial(tenant: Tenant, suffix: string, to = newNumber(suffix)): Promise<CallView> {
		const ctx = this.house.as(tenant.agent);
		const view = await placeCall({ ctx, input: { to } });
		if (!view.placed) throw new Error(view.block.message);
		return view.call;
	}

	/** Asks the provider about every live call, as if `secondsLater`. */
	sweep(secondsLater = 0, services = this.house.services): Promise<SweepReport> {
		const ctx = this.house.context({ kind: 'job' }, services);
		const nowMs = ctx.nowMs + secondsLater * 1000;
		return sweepCalls({ ctx: { ...ctx, nowMs }, input: { everyLiveCall: true } });
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
			const found = this.received.filter(({ form }) => form.CallSid === sid);
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
		const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
		const { pathname } = new URL(request.url ?? '', this.origin);
		const receive = DOORS[pathname] ?? receiveTwilioStatus;
		const answer = await receive(this.services, {
			pathAndQuery: request.url ?? '',
			signature: String(request.headers['x-twilio-signature']),
			form
		});
		this.received.push({ form, answer });
		this.waiting.splice(0).forEach((wake) => wake());
		return answer;
	}
}
