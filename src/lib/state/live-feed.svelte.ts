/**
 * The one live subscription of a tab.
 *
 * Order: the page's load gives a cursor, the subscription starts there, every item carries the next
 * cursor. A lost connection resumes at the last one, so nothing is missed; what arrives twice is known
 * by organisation and seq and dropped. Items are handed on in small groups, so that a busy fleet costs
 * one repaint per group. When no connection is had for ten seconds, the page is loaded anew every
 * thirty while the feed keeps trying.
 */
import type { FeedItem, LiveEvent, LiveEventName, LivePayloads } from '$lib/views';

export type FeedState = 'connecting' | 'live' | 'off' | 'polling';

export interface FeedListener {
	onOpen: () => void;
	onItem: (cursor: string, item: FeedItem) => void;
	/** The connection broke and is being made again underneath. */
	onLost: () => void;
	/** The subscription is over: an end, or an error. */
	onEnd: () => void;
}

export interface FeedOptions {
	/** Opens the subscription after the cursor and returns how to close it. */
	open: (cursor: string | null, listener: FeedListener) => () => void;
	/** Loads the page's data anew. */
	reload: () => Promise<void>;
}

type Handler<Name extends LiveEventName> = (payload: LivePayloads[Name]) => void;
type Handlers = { [Name in LiveEventName]: Handler<Name>[] };
type EventOf<Name extends LiveEventName> = { name: Name; payload: LivePayloads[Name] };

export const FALLBACK_AFTER_MS = 10_000;
export const POLL_EVERY_MS = 30_000;
export const GROUP_MS = 40;
const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 30_000;

export class LiveFeed {
	#state = $state<FeedState>('connecting');
	#options: FeedOptions;
	#handlers: Handlers = {
		'alert:created': [],
		'call:created': [],
		'call:updated': [],
		'minutes:updated': [],
		'credits:updated': [],
		'metrics:updated': [],
		'outcome:updated': [],
		'call_back:updated': [],
		'campaign:updated': [],
		'sales:requested': []
	};
	#cursor: string | null = null;
	#lastSeq: Record<number, number> = {};
	#close: (() => void) | null = null;
	#waiting: LiveEvent[] = [];
	#groupTimer: ReturnType<typeof setTimeout> | undefined;
	#fallbackTimer: ReturnType<typeof setTimeout> | undefined;
	#retryTimer: ReturnType<typeof setTimeout> | undefined;
	#pollTimer: ReturnType<typeof setInterval> | undefined;
	#retryMs = RETRY_FIRST_MS;

	constructor(options: FeedOptions) {
		this.#options = options;
	}

	get state(): FeedState {
		return this.#state;
	}

	get isOn(): boolean {
		return this.#state !== 'off';
	}

	/** Hears every event of one name, once. Returns how to stop hearing. */
	on<Name extends LiveEventName>(name: Name, handler: Handler<Name>): () => void {
		const handlers = this.#handlers[name];
		handlers.push(handler);
		return () => void handlers.splice(handlers.indexOf(handler), 1);
	}

	/** @param cursor where the page's data ends; null for now */
	start(cursor: string | null): void {
		this.#cursor = cursor;
		this.#state = 'connecting';
		this.#connect();
	}

	/** Ends the subscription without a word, as when the tab is left. */
	stop(): void {
		this.#disconnect();
		this.#stopPolling();
		this.#handOn();
	}

	turnOff(): void {
		this.stop();
		this.#state = 'off';
	}

	/** Goes on where it was turned off. */
	turnOn(): void {
		if (this.isOn) return;
		this.start(this.#cursor);
	}

	/** Goes on after `stop`, unless it is off. */
	resume(): void {
		if (this.isOn && !this.#close) this.start(this.#cursor);
	}

	#connect(): void {
		this.#disconnect();
		this.#armFallback();
		let isCurrent = true;
		const close = this.#options.open(this.#cursor, {
			onOpen: () => isCurrent && this.#opened(),
			onItem: (cursor, item) => isCurrent && this.#take(cursor, item),
			onLost: () => isCurrent && this.#lost(),
			onEnd: () => isCurrent && this.#ended()
		});
		this.#close = () => {
			isCurrent = false;
			close();
		};
	}

	#disconnect(): void {
		clearTimeout(this.#retryTimer);
		clearTimeout(this.#fallbackTimer);
		this.#fallbackTimer = undefined;
		this.#close?.();
		this.#close = null;
	}

	#opened(): void {
		clearTimeout(this.#fallbackTimer);
		this.#fallbackTimer = undefined;
		this.#stopPolling();
		this.#retryMs = RETRY_FIRST_MS;
		this.#state = 'live';
	}

	#lost(): void {
		if (this.#state === 'live') this.#state = 'connecting';
		this.#armFallback();
	}

	#ended(): void {
		this.#close = null;
		this.#lost();
		clearTimeout(this.#retryTimer);
		this.#retryTimer = setTimeout(() => this.#connect(), this.#retryMs);
		this.#retryMs = Math.min(this.#retryMs * 2, RETRY_LONGEST_MS);
	}

	#armFallback(): void {
		if (this.#fallbackTimer !== undefined || this.#state === 'polling') return;
		this.#fallbackTimer = setTimeout(() => this.#startPolling(), FALLBACK_AFTER_MS);
	}

	#startPolling(): void {
		this.#fallbackTimer = undefined;
		this.#state = 'polling';
		void this.#options.reload();
		this.#pollTimer = setInterval(() => {
			void this.#options.reload();
			this.#connect();
		}, POLL_EVERY_MS);
	}

	#stopPolling(): void {
		clearInterval(this.#pollTimer);
		this.#pollTimer = undefined;
	}

	#take(cursor: string, item: FeedItem): void {
		this.#cursor = cursor;
		if (item.name === 'resync') {
			this.#lastSeq = {};
			void this.#options.reload();
			return;
		}
		const lastSeq = this.#lastSeq[item.organizationId] ?? -1;
		if (item.seq <= lastSeq) return;
		this.#lastSeq[item.organizationId] = item.seq;
		this.#waiting.push(item);
		this.#groupTimer ??= setTimeout(() => this.#handOn(), GROUP_MS);
	}

	#handOn(): void {
		clearTimeout(this.#groupTimer);
		this.#groupTimer = undefined;
		const events = this.#waiting;
		this.#waiting = [];
		for (const event of events) this.#tell(event);
	}

	#tell<Name extends LiveEventName>(event: EventOf<Name>): void {
		for (const handler of [...this.#handlers[event.name]]) handler(event.payload);
	}
}
