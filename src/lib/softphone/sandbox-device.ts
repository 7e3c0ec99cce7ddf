/**
 * A device without sound, for the sandbox: the same steps as Twilio's (token, connect, TwiML, the lead's
 * leg, callbacks), through a door of our own server that only a demo has.
 */
import { troubleOf } from './error-words';
import { Listeners } from './listeners';
import type { SoftphoneCallState, SoftphoneDevice, SoftphoneListener } from './types';

const DOOR = '/api/demo/softphone';
/** As Twilio's SDK: the word comes a little before the token runs out. */
const EXPIRY_WARNING_MS = 10_000;
const STATES: SoftphoneCallState[] = ['connecting', 'ringing', 'open', 'reconnecting', 'closed'];

export interface SandboxBrowser {
	fetch: typeof fetch;
	openStream: (url: string) => Pick<EventSource, 'close' | 'onmessage' | 'onerror'>;
	nowMs: () => number;
}

const BROWSER: SandboxBrowser = {
	fetch: (...request) => fetch(...request),
	openStream: (url) => new EventSource(url),
	nowMs: () => Date.now()
};

export class SandboxDevice implements SoftphoneDevice {
	readonly #listeners = new Listeners();
	readonly #browser: SandboxBrowser;
	#token: string | null = null;
	#expiry: ReturnType<typeof setTimeout> | undefined;
	#call: { sid: string; stream: ReturnType<SandboxBrowser['openStream']> } | null = null;

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
		const sid = await this.#ask(`${DOOR}/connect`, {
			token: this.#token,
			params: { call: callId }
		});
		if (sid === null) {
			this.#listeners.tell({ kind: 'call', state: 'closed' });
			return;
		}
		const stream = this.#browser.openStream(`${DOOR}/${sid}`);
		this.#call = { sid, stream };
		stream.onmessage = ({ data }: MessageEvent<string>) => this.#hear(JSON.parse(data));
		stream.onerror = () => this.#end();
	}

	/** Nobody calls in: the sandbox has no such call. */
	accept(): void {}
	reject(): void {}

	hangUp(): void {
		if (this.#call) void this.#ask(`${DOOR}/${this.#call.sid}/hang-up`, {});
	}

	mute(isMuted: boolean): void {
		if (this.#call) this.#listeners.tell({ kind: 'muted', isMuted });
	}

	/** Nobody listens to them. */
	sendDigits(): void {}

	destroy(): void {
		clearTimeout(this.#expiry);
		this.hangUp();
		this.#end();
		this.#listeners.tell({ kind: 'unregistered' });
	}

	#hear(news: unknown): void {
		if (!this.#call) return;
		const state = STATES.find(
			(one) => typeof news === 'object' && news !== null && 'state' in news && news.state === one
		);
		if (state === 'closed') this.#end();
		else if (state) this.#listeners.tell({ kind: 'call', state });
	}

	#end(): void {
		if (!this.#call) return;
		this.#call.stream.close();
		this.#call = null;
		this.#listeners.tell({ kind: 'call', state: 'closed' });
	}

	/** @returns the sid of the browser's leg; null when it was refused, which is told */
	async #ask(url: string, body: object): Promise<string | null> {
		try {
			const answer = await this.#browser.fetch(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body)
			});
			const { sid, code } = (await answer.json()) as { sid?: string; code?: number };
			if (answer.ok) return sid ?? null;
			this.#listeners.tell({ kind: 'trouble', trouble: troubleOf(code ?? 31_000) });
		} catch {
			this.#listeners.tell({ kind: 'trouble', trouble: troubleOf(31_005) });
		}
		return null;
	}
}

/** When a token runs out, as it says itself. */
function expiresAtMs(token: string): number {
	const payload: { exp?: number } = JSON.parse(
		atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))
	);
	return (payload.exp ?? 0) * 1000;
}
