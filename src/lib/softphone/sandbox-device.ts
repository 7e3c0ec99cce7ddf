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
const STATES: SoftphoneCallState[] = ['connecting', 'ringing', 'open', 'reconnecting', 'closed'];

/** What the device needs of the browser. */
export interface SandboxBrowser {
	fetch: typeof fetch;
	nowMs: () => number;
}

const BROWSER: SandboxBrowser = {
	fetch: (...request) => fetch(...request),
	nowMs: () => Date.now()
};

/** What the sandbox says of the browser's leg. `version` rises with every change. */
interface Leg {
	callSid: string;
	state: string;
	version: number;
	error?: { code: number } | null;
}

export class SandboxDevice implements SoftphoneDevice {
	readonly #listeners = new Listeners();
	readonly #browser: SandboxBrowser;
	#token: string | null = null;
	#expiry: ReturnType<typeof setTimeout> | undefined;
	#callSid: string | null = null;

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

	/** Nobody calls in: what rings at one of our numbers is answered with a sentence. */
	accept(): void {}
	reject(): void {}

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
		this.hangUp();
		this.#end();
		this.#listeners.tell({ kind: 'unregistered' });
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
