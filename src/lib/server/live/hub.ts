/**
 * Hands committed events to the streams of this process, and learns of those that other processes
 * committed: by one coalesced NOTIFY per flush, with a tail read each second as safety net (DESIGN.md
 * section 7). `live_events` is the truth; the hub only says that there is something to read sooner.
 */
import type { LiveEvent } from '$lib/views';
import type { DatabaseClient } from '../db/client';
import type { Log } from '../log';
import { readFleetHorizon, readHeads, readOrganizationSince } from './read-since';

const CHANNEL = 'talktime_live';
/** Tells of people whose right to read may have changed. */
const PEOPLE_CHANNEL = 'talktime_people';
const FLUSH_MS = 25;
const TAIL_MS = 1000;
const CATCH_UP_MAX = 5_000;

export interface LiveSubscriber {
	/** Null: every organisation. */
	organizationId: number | null;
	push(event: LiveEvent): void;
	/** A person's stream: asks whether they may still read, and ends when not. */
	reader?: { userId: string; recheck: () => void };
}

export class LiveHub {
	private readonly subscribers = new Set<LiveSubscriber>();
	private readonly lastSeq = new Map<number, number>();
	private horizon: string | null = null;
	private flushTimer: NodeJS.Timeout | null = null;
	private tailTimer: NodeJS.Timeout | null = null;
	private stopListening: (() => Promise<unknown>) | null = null;
	private reading: Promise<void> | null = null;
	private isReadWanted = false;
	private closed = false;
	private isFirstRead = true;

	constructor(
		/** Of every organisation. */
		readonly database: DatabaseClient,
		private readonly log: Log
	) {}

	/** Starts to follow what other processes commit. */
	async follow(): Promise<void> {
		await this.readTail();
		this.tailTimer = setInterval(() => void this.readTail(), TAIL_MS);
		this.tailTimer.unref();
		const listening = await Promise.all([
			this.database.sql.listen(CHANNEL, (sender) => {
				if (sender !== this.senderId) void this.readTail();
			}),
			this.database.sql.listen(PEOPLE_CHANNEL, (userId) => this.recheckHere(userId))
		]);
		this.stopListening = () => Promise.all(listening.map(({ unlisten }) => unlisten()));
	}

	/** Streams under way, for metrics and leak tests. */
	get size(): number {
		return this.subscribers.size;
	}

	/**
	 * Every transaction below this id is complete and told. A fleet stream resumes from here: what it
	 * reads again it recognises by organisation and sequence.
	 */
	get fleetHorizon(): string {
		return this.horizon ?? '0';
	}

	subscribe(subscriber: LiveSubscriber): () => void {
		this.subscribers.add(subscriber);
		return () => this.subscribers.delete(subscriber);
	}

	/** Has every stream of a person, in every process, ask at once whether it may go on. */
	async recheckStreamsOf(userId: string): Promise<void> {
		this.recheckHere(userId);
		await this.database.sql
			.notify(PEOPLE_CHANNEL, userId)
			.catch((error: unknown) =>
				this.log.warn({ err: error }, 'live: other processes ask by themselves soon')
			);
	}

	private recheckHere(userId: string): void {
		for (const subscriber of this.subscribers) {
			if (subscriber.reader?.userId === userId) subscriber.reader.recheck();
		}
	}

	/** Tells this process's streams at once, and the other processes within a flush. */
	publish(events: LiveEvent[]): void {
		for (const event of events) this.tell(event);
		this.flushTimer ??= setTimeout(() => void this.flush(), FLUSH_MS);
	}

	async close(): Promise<void> {
		this.closed = true;
		if (this.flushTimer) {
			clearTimeout(this.flushTimer);
			await this.flush();
		}
		if (this.tailTimer) clearInterval(this.tailTimer);
		await this.reading;
		await this.stopListening?.().catch(() => {});
	}

	private readonly senderId = crypto.randomUUID();

	/** In order and without a gap: an event that skips one waits for the tail read to tell both. */
	private tell(event: LiveEvent): void {
		const last = this.lastSeq.get(event.organizationId) ?? 0;
		if (event.seq <= last) return;
		if (event.seq > last + 1) {
			void this.readTail();
			return;
		}
		this.lastSeq.set(event.organizationId, event.seq);
		for (const subscriber of this.subscribers) {
			if (
				subscriber.organizationId === null ||
				subscriber.organizationId === event.organizationId
			) {
				subscriber.push(event);
			}
		}
	}

	private async flush(): Promise<void> {
		this.flushTimer = null;
		try {
			await this.database.sql.notify(CHANNEL, this.senderId);
		} catch (error) {
			this.log.warn({ err: error }, 'live: notify failed; the tail read will tell');
		}
	}

	/** One read at a time; a wish for one while it runs is granted right after. */
	private async readTail(): Promise<void> {
		if (this.closed) return;
		if (this.reading) {
			this.isReadWanted = true;
			return this.reading;
		}
		this.reading = this.readUntilQuiet().finally(() => {
			this.reading = null;
		});
		await this.reading;
	}

	private async readUntilQuiet(): Promise<void> {
		do {
			this.isReadWanted = false;
			await this.readOnce();
		} while (this.isReadWanted && !this.closed);
	}

	private async readOnce(): Promise<void> {
		try {
			const horizon = await readFleetHorizon(this.database);
			const heads = await readHeads(this.database);
			for (const [organizationId, head] of heads) await this.catchUp(organizationId, head);
			this.horizon = horizon;
			this.isFirstRead = false;
		} catch (error) {
			this.isReadWanted = false;
			this.log.warn({ err: error }, 'live: tail read failed; it runs again in a second');
		}
	}

	private async catchUp(organizationId: number, head: number): Promise<void> {
		const last = this.lastSeq.get(organizationId) ?? 0;
		if (last >= head) return;
		const isBehindTooFar = head - last > CATCH_UP_MAX;
		if (this.isFirstRead || isBehindTooFar) {
			this.lastSeq.set(organizationId, head);
			return;
		}
		const events = await readOrganizationSince(this.database, organizationId, last, CATCH_UP_MAX);
		for (const event of events) this.tell(event);
	}
}
