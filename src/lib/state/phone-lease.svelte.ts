/**
 * Which tab is the phone. One tab holds a lock of the browser; the others wait for it and get it when that
 * tab goes. A tab that wants it sooner asks over a channel: the holder lets go unless it is on a call, and
 * the asker takes the lock. A holder that does not answer is frozen, and the lock is taken all the same.
 */
import { v4 as uuid } from 'uuid';

const LOCK = 'talktime-phone';
const ANSWER_WITHIN_MS = 1_500;

export type LeaseState = 'waiting' | 'held' | 'elsewhere';

type Message =
	| { kind: 'ask'; asker: string }
	| { kind: 'busy'; asker: string }
	| { kind: 'yours'; asker: string };

/** What of the browser it needs; null where the browser has no locks: then every tab is a phone. */
export interface LeaseBrowser {
	locks: Pick<LockManager, 'request'>;
	channel: Pick<BroadcastChannel, 'postMessage' | 'close' | 'onmessage'>;
}

export interface PhoneLeaseOptions {
	browser: LeaseBrowser | null;
	/** A call is talked in this tab: it must not lose its sound. */
	isBusy: () => boolean;
	onGained: () => void;
	onLost: () => void;
}

export class PhoneLease {
	readonly #options: PhoneLeaseOptions;
	readonly #id = uuid();
	#state = $state<LeaseState>('waiting');
	#letGo: (() => void) | null = null;
	#closing = new AbortController();
	#answered: ((answer: 'busy' | 'yours') => void) | null = null;

	constructor(options: PhoneLeaseOptions) {
		this.#options = options;
		// Nobody but this class speaks on the channel.
		if (options.browser)
			options.browser.channel.onmessage = ({ data }) => this.#hear(data as Message);
	}

	get state(): LeaseState {
		return this.#state;
	}

	/** Becomes the phone if no tab is, else when that tab goes. */
	async claim(): Promise<void> {
		if (!this.#options.browser) return this.#gain();
		const isFree = await this.#request({ ifAvailable: true });
		if (isFree || this.#closing.signal.aborted) return;
		this.#state = 'elsewhere';
		void this.#request({ signal: this.#closing.signal });
	}

	/** Asks the tab that is the phone to let go. Returns whether this one is it now. */
	async takeOver(): Promise<boolean> {
		const { browser } = this.#options;
		if (this.#state === 'held' || !browser) return true;
		const answer = await new Promise<'busy' | 'yours' | 'silent'>((resolve) => {
			this.#answered = resolve;
			browser.channel.postMessage({ kind: 'ask', asker: this.#id } satisfies Message);
			setTimeout(() => resolve('silent'), ANSWER_WITHIN_MS);
		});
		this.#answered = null;
		if (answer === 'busy') return false;
		return this.#request({ steal: true });
	}

	close(): void {
		this.#closing.abort();
		this.#letGo?.();
		this.#letGo = null;
		this.#options.browser?.channel.close();
	}

	/** Resolves with whether the lock was had; it is kept until this tab lets go or loses it. */
	#request(options: LockOptions): Promise<boolean> {
		return new Promise((resolve) => {
			const { browser } = this.#options;
			let isMine = false;
			browser?.locks
				.request(LOCK, options, (lock) => {
					isMine = lock !== null;
					resolve(isMine);
					if (!isMine) return;
					this.#gain();
					return new Promise<void>((letGo) => (this.#letGo = letGo));
				})
				// Taken away by another tab, or no longer wanted.
				.catch(() => {
					resolve(false);
					if (isMine && !this.#closing.signal.aborted) this.#lose();
				});
		});
	}

	#gain(): void {
		if (this.#state === 'held') return;
		this.#state = 'held';
		this.#options.onGained();
	}

	#lose(): void {
		if (this.#state !== 'held') return;
		this.#state = 'elsewhere';
		this.#letGo = null;
		this.#options.onLost();
		void this.#request({ signal: this.#closing.signal });
	}

	#hear(message: Message): void {
		if (message.kind !== 'ask') {
			if (message.asker === this.#id) this.#answered?.(message.kind);
			return;
		}
		if (this.#state !== 'held') return;
		const kind = this.#options.isBusy() ? 'busy' : 'yours';
		this.#options.browser?.channel.postMessage({ kind, asker: message.asker } satisfies Message);
	}
}

/** The real browser's. */
export function leaseBrowser(): LeaseBrowser | null {
	// Node has both too, and must not keep a channel for every page it draws.
	if (typeof window === 'undefined' || !('locks' in navigator)) return null;
	return { locks: navigator.locks, channel: new BroadcastChannel(LOCK) };
}
