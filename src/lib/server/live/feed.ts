/**
 * One browser's stream. Protocol: subscribe, then backlog since the client's cursor, then live; every
 * item carries the cursor to resume from. A member's cursor is the organisation's sequence (`s42`); a
 * super admin's is the transaction horizon (`h7301`), from which some events may come again: the client
 * knows them by organisation and sequence. Who is slow is told
 * only the newest of each thing; too far behind, or too slow still: `resync`, and the page reloads.
 */
import type { FeedItem, LiveEvent } from '$lib/views';
import type { Services } from '../services';
import { readFleetSince, readOrganizationSince } from './read-since';

const BACKLOG_MAX = 500;
/** Some hundred and fifty kilobytes: a client that stalls costs no more. */
const QUEUE_MAX = 200;
/** Who is so far behind is spared what is old already. */
const CONFLATED_FROM = 100;
const RECHECK_MS = 15_000;

export interface FeedOptions {
	services: Services;
	/** Null: the whole fleet. */
	organizationId: number | null;
	/** Who reads. */
	userId: string;
	cursor: string | null;
	signal: AbortSignal;
	/** Asked now and then, and whenever the reader's rights have changed: a stream ends when its reader may no longer read. */
	isStillAllowed: () => Promise<boolean>;
}

export interface FeedEntry {
	id: string;
	item: FeedItem;
}

export async function* feed(options: FeedOptions): AsyncGenerator<FeedEntry> {
	const { services, organizationId, signal } = options;
	const queue: { id: string; event: LiveEvent }[] = [];
	let overflowed = false;
	let ended = false;
	let wake: () => void = () => {};
	const wakeUp = () => wake();
	// The fleet's cursor is the horizon of the moment the event was told, not of when it is read.
	const cursorAfter = (event: LiveEvent) =>
		organizationId === null ? `h${services.hub.fleetHorizon}` : `s${event.seq}`;
	const recheck = () => {
		options.isStillAllowed().then(
			(isAllowed) => {
				if (isAllowed) return;
				ended = true;
				wakeUp();
			},
			// The database is away: asked again in a while, and the stream is silent meanwhile anyway.
			() => {}
		);
	};
	const unsubscribe = services.hub.subscribe({
		organizationId,
		push(event) {
			if (queue.length >= CONFLATED_FROM) forgetOlder(queue, event);
			if (queue.length >= QUEUE_MAX) overflowed = true;
			else queue.push({ id: cursorAfter(event), event });
			wakeUp();
		},
		reader: { userId: options.userId, recheck }
	});
	signal.addEventListener('abort', wakeUp);
	const rechecks = setInterval(recheck, RECHECK_MS);

	try {
		const seen = new Map<number, number>();
		const backlog = await readBacklog(services, organizationId, options.cursor);
		if (backlog === 'too_far')
			yield { id: await currentCursor(services, organizationId), item: { name: 'resync' } };
		else {
			for (const event of backlog) {
				seen.set(event.organizationId, event.seq);
				// Within the backlog a fleet stream resumes from where it began.
				const id = organizationId === null ? (options.cursor ?? '') : cursorAfter(event);
				yield { id, item: event };
			}
		}
		while (!signal.aborted && !ended) {
			if (overflowed) {
				queue.length = 0;
				overflowed = false;
				yield { id: await currentCursor(services, organizationId), item: { name: 'resync' } };
			}
			const next = queue.shift();
			if (next) {
				const { id, event } = next;
				if (event.seq <= (seen.get(event.organizationId) ?? 0)) continue;
				seen.set(event.organizationId, event.seq);
				yield { id, item: event };
				continue;
			}
			await new Promise<void>((resolve) => {
				wake = resolve;
				if (queue.length > 0 || overflowed || signal.aborted || ended) resolve();
			});
		}
	} finally {
		unsubscribe();
		clearInterval(rechecks);
		signal.removeEventListener('abort', wakeUp);
	}
}

/** Takes out what an event makes old: what was to be said of the same thing before. */
function forgetOlder(queue: { event: LiveEvent }[], event: LiveEvent): void {
	const subject = subjectOf(event);
	const older = queue.findIndex((waiting) => subjectOf(waiting.event) === subject);
	if (older >= 0) queue.splice(older, 1);
}

function subjectOf({ organizationId, name, payload }: LiveEvent): string {
	const [kind] = name.split(':');
	return `${organizationId}:${kind}:${'id' in payload ? payload.id : ''}`;
}

async function readBacklog(
	services: Services,
	organizationId: number | null,
	cursor: string | null
): Promise<LiveEvent[] | 'too_far'> {
	if (cursor === null) return [];
	const { database } = services;
	const position = readCursor(cursor, organizationId);
	if (position === null) return 'too_far';
	const events =
		organizationId === null
			? await readFleetSince(database, position, BACKLOG_MAX + 1)
			: await readOrganizationSince(database, organizationId, Number(position), BACKLOG_MAX + 1);
	return events.length > BACKLOG_MAX ? 'too_far' : events;
}

function readCursor(cursor: string, organizationId: number | null): string | null {
	const match = (organizationId === null ? /^h(\d{1,19})$/ : /^s(\d{1,15})$/).exec(cursor);
	return match?.[1] ?? null;
}

/** The cursor of now: read before the data it goes with, so that nothing falls between. */
export async function currentCursor(
	services: Services,
	organizationId: number | null
): Promise<string> {
	const { sql } = services.database;
	if (organizationId === null) {
		const [row] = await sql<{ horizon: string }[]>`
			select pg_snapshot_xmin(pg_current_snapshot())::text as horizon`;
		return `h${row?.horizon ?? 0}`;
	}
	const [row] = await sql<{ live_seq: string }[]>`
		select live_seq from organization_call_minutes where organization_id = ${organizationId}`;
	return `s${row?.live_seq ?? 0}`;
}
