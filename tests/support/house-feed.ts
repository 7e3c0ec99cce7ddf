/** A reader of one live stream, as a browser tab is. */
import type { FeedItem, LiveEvent } from '$lib/views';
import { feed, type FeedEntry } from '$lib/server/live/feed';
import type { Services } from '$lib/server/services';

export interface ReaderOptions {
	services: Services;
	organizationId: number | null;
	userId?: string;
	cursor?: string | null;
	isStillAllowed?: () => Promise<boolean>;
}

/** Pulls one item at a time, so that a test decides how slow its reader is. */
export class FeedReader {
	readonly entries: FeedEntry[] = [];
	private readonly abort = new AbortController();
	private readonly stream: AsyncGenerator<FeedEntry>;

	constructor(options: ReaderOptions) {
		const { services, organizationId, userId = 'nobody', cursor = null, isStillAllowed } = options;
		this.stream = feed({
			services,
			organizationId,
			userId,
			cursor,
			signal: this.abort.signal,
			isStillAllowed: isStillAllowed ?? (async () => true)
		});
	}

	/** The next item; null once the stream has ended. */
	async next(): Promise<FeedEntry | null> {
		const { value, done } = await this.stream.next();
		if (done) return null;
		this.entries.push(value);
		return value;
	}

	/** Reads on until an item fits. */
	async until(fits: (item: FeedItem) => boolean): Promise<FeedEntry> {
		for (;;) {
			const entry = await this.next();
			if (entry === null) throw new Error('The stream ended.');
			if (fits(entry.item)) return entry;
		}
	}

	untilSeq(organizationId: number, seq: number): Promise<FeedEntry> {
		return this.until((item) => isEvent(item) && isAt(item, organizationId, seq));
	}

	/** The connection is gone: a stream that waits ends by itself. */
	cut(): void {
		this.abort.abort();
	}

	/** As a browser that goes away: the connection first, then the stream is let go. */
	async leave(): Promise<void> {
		this.cut();
		await this.stream.return(undefined);
	}

	get events(): LiveEvent[] {
		return this.entries.map((entry) => entry.item).filter(isEvent);
	}

	/** `organisation:sequence` of every event. */
	get marks(): string[] {
		return this.events.map((event) => `${event.organizationId}:${event.seq}`);
	}

	get lastId(): string | null {
		return this.entries.at(-1)?.id ?? null;
	}
}

export function isEvent(item: FeedItem): item is LiveEvent {
	return item.name !== 'resync';
}

function isAt(event: LiveEvent, organizationId: number, seq: number): boolean {
	return event.organizationId === organizationId && event.seq === seq;
}
