/**
 * A device without sound, for the sandbox: the same steps as Twilio's (token, connect, TwiML, the lead's
 * leg, callbacks), through a door of our own server that only a demo has.
 */
import { troubleOf } from './error-words';
import { Listeners } from './listeners';
import type { SoftphoneCallState, SoftphoneDevice, SoftphoneListener } from './types';

const DOOR = '/api/demo/softphone';
/** Not `Authorization`, which is for API tokens of our own. */
const TOKEN_HEADER = 'x-softphone-token';
const UNKNOWN_ERROR = 31_000;
const CONNECTION_LOST = 31_005;
/** As Twilio's SDK: the word comes a little before the token runs out. */
const EXPIRY_WARNING_MS = 10_000;
/** After no answer to who calls in. */
const LISTEN_AGAIN_MS = 5_000;
const STATES: SoftphoneCallState[] = ['connecting', 'ringing', 'open', 'reconnecting', 'closed'];

/** What the device needs of the browser. */
export interface SandboxBrowser {
	fetch: typeof fetch;
	nowMs: () => number;
	wait: (ms: number) => Promise<void>;
}

const BROWSER: SandboxBrowser = {
	fetch: (...request) => fetch(...request),
	nowMs: () => Date.now(),
	wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms))
};

/** What the sandbox says of the browser's leg. `version` rises with every change. */
interface Leg {
	callSid: string;
	state: string;
	version: number;
	error?: { code: number } | null;
}

interface IncomingLeg extends Leg {
	/** E.164. */
	from: string;
}

export class SandboxDevice implements SoftphoneDevice {
	readonly needsMicrophone = false;
	readonly #listeners = new Listeners();
	readonly #browser: SandboxBrowser;
	#token: string | null = null;
	#expiry: ReturnType<typeof setTimeout> | undefined;
	#callSid: string | null = null;
	/** The call that rings here. */
	#ringingSid: string | null = null;
	#isListening = false;
	readonly #closing = new AbortController();

	constructor(browser = BROWSER) {
		this.#browser = browser;
	}

	on(listener: SoftphoneListener): () => void {
		return this.#listeners.add(listener);
	}

	async register(token: string): Promise<void> {
		this.#token = token;
		clearTimeout(this.#expiry);
		const leftMs = expiresAtMs(token) - EXPIRY_WARNING_MS - this.#browser.nowMs();
		this.#expiry = setTimeout(() => this.#listeners.tell({ kind: 'token_expiring' }), leftMs);
		this.#listeners.tell({ kind: 'registered' });
		if (!this.#isListening) void this.#listen();
	}

	async connect(callId: string): Promise<void> {
		if (this.#token === null) throw new Error('The device is not registered.');
		this.#listeners.tell({ kind: 'call', state: 'connecting' });
		const leg = await this.#ask('connect', { params: { call: callId } });
		if (leg === null) {
			this.#listeners.tell({ kind: 'call', state: 'closed' });
			return;
		}
		this.#callSid = leg.callSid;
		void this.#follow(leg);
	}

	accept(): void {
		const callSid = this.#ringingSid;
		if (callSid === null) return;
		this.#ringingSid = null;
		this.#callSid = callSid;
		this.#listeners.tell({ kind: 'call', state: 'connecting' });
		void this.#ask(`${callSid}/accept`, {}).then((leg) => {
			if (leg === null) this.#end();
			else void this.#follow(leg);
		});
	}

	reject(): void {
		const callSid = this.#ringingSid;
		this.#ringingSid = null;
		if (callSid !== null) void this.#ask(`${callSid}/reject`, {});
	}

	hangUp(): void {
		if (this.#callSid !== null) void this.#ask(`${this.#callSid}/hang-up`, {});
	}

	mute(isMuted: boolean): void {
		if (this.#callSid !== null) this.#listeners.tell({ kind: 'muted', isMuted });
	}

	/** Nobody listens to them. */
	sendDigits(): void {}

	destroy(): void {
		clearTimeout(this.#expiry);
		this.#closing.abort();
		this.reject();
		this.hangUp();
		this.#end();
		this.#listeners.tell({ kind: 'unregistered' });
	}

	/** Asks who calls in, again and again: an answer comes when somebody does, or after a while without. */
	async #listen(): Promise<void> {
		this.#isListening = true;
		while (!this.#closing.signal.aborted) {
			const ringing = await this.#findRinging();
			if (ringing === null) await this.#browser.wait(LISTEN_AGAIN_MS);
			for (const leg of ringing ?? []) await this.#ring(leg);
		}
	}

	/** @returns null when there was no answer: the token may have run out, or the sandbox be away */
	async #findRinging(): Promise<IncomingLeg[] | null> {
		try {
			const answer = await this.#browser.fetch(`${DOOR}/incoming`, {
				headers: { [TOKEN_HEADER]: this.#token ?? '' },
				signal: this.#closing.signal
			});
			return answer.ok ? ((await answer.json()) as { calls: IncomingLeg[] }).calls : null;
		} catch {
			return null;
		}
	}

	/** Rings until the call is taken, refused or given up. */
	async #ring(leg: IncomingLeg): Promise<void> {
		this.#ringingSid = leg.callSid;
		this.#listeners.tell({ kind: 'incoming', from: leg.from });
		let seen: Leg | null = leg;
		while (seen?.state === 'ringing' && !this.#closing.signal.aborted) {
			seen = await this.#ask(`${leg.callSid}?after=${seen.version}`);
		}
		if (this.#ringingSid !== leg.callSid) return;
		this.#ringingSid = null;
		this.#listeners.tell({ kind: 'incoming_over' });
	}

	/** Tells each state of the leg: every answer comes when there is news, or after a while without. */
	async #follow(first: Leg): Promise<void> {
		let leg: Leg | null = first;
		let told: SoftphoneCallState = 'connecting';
		while (leg !== null && this.#callSid === first.callSid && leg.state !== 'closed') {
			const state = STATES.find((one) => one === leg?.state);
			if (state && state !== told) {
				told = state;
				this.#listeners.tell({ kind: 'call', state });
			}
			const { version }: Leg = leg;
			leg = await this.#ask(`${first.callSid}?after=${version}`);
		}
		if (leg?.error) this.#tellTrouble(leg.error.code);
		if (this.#callSid === first.callSid) this.#end();
	}

	#end(): void {
		if (this.#callSid === null) return;
		this.#callSid = null;
		this.#listeners.tell({ kind: 'call', state: 'closed' });
	}

	/** @returns the leg; null when the sandbox refused or was away, which is told */
	async #ask(path: string, body?: object): Promise<Leg | null> {
		try {
			const answer = await this.#browser.fetch(`${DOOR}/${path}`, {
				method: body ? 'POST' : 'GET',
				headers: {
					'content-type': 'application/json',
					[TOKEN_HEADER]: this.#token ?? ''
				},
				...(body && { body: JSON.stringify(body) })
			});
			const said = (await answer.json()) as Leg;
			if (answer.ok) return said;
			this.#tellTrouble(Number(said.error?.code));
		} catch {
			this.#tellTrouble(CONNECTION_LOST);
		}
		return null;
	}

	#tellTrouble(code: number): void {
		const trouble = troubleOf(Number.isInteger(code) ? code : UNKNOWN_ERROR);
		this.#listeners.tell({ kind: 'trouble', trouble });
	}
}

/** When a token runs out, as it says itself. */
function expiresAtMs(token: string): number {
	const payload: { exp?: number } = JSON.parse(
		atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))
	);
	return (payload.exp ?? 0) * 1000;
}
