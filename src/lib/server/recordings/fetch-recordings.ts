/**
 * Fetches the recordings that providers told of, a few at a time. A round claims its rows for longer than
 * a fetch may last, so two processes never fetch one recording, and a crash only delays it.
 */
import path from 'node:path';
import { and, eq, sql } from 'drizzle-orm';
import { nextTrySeconds, type Backoff } from '$lib/domain/backoff';
import type { Context } from '../context';
import { organizations, recordings } from '../db/schema/index';
import { download, type Download } from './download';
import { recordingsDirectory } from './open-store';
import type { RecordingRow } from './recording-rows';
import { storageKeyOf } from './storage-key';

const AT_ONCE = 3;
const CLAIMED_MAX = 9;
/** Longer than one fetch may take, times those that wait in line before it. */
const CLAIM_SECONDS = 1_800;

/** A file may be a while in the making, and a provider away for hours: half a day in all. */
export const FETCH_BACKOFF: Backoff = {
	firstSeconds: 10,
	factor: 2,
	longestSeconds: 3_600,
	attemptsMax: 20
};

type Claimed = Pick<RecordingRow, 'id' | 'organizationId' | 'provider' | 'sourceUrl' | 'attempts'>;

export interface FetchReport {
	tried: number;
	stored: number;
}

export async function fetchRecordings({ ctx }: { ctx: Context }): Promise<FetchReport> {
	const claimed = await claimDue(ctx);
	let stored = 0;
	const waiting = [...claimed];
	const fetchNext = async () => {
		for (let row = waiting.shift(); row; row = waiting.shift()) {
			if (await fetchOne(ctx, row)) stored++;
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, fetchNext));
	return { tried: claimed.length, stored };
}

/** Counts the try before it is made: a file that kills the process is not tried for ever. */
async function claimDue(ctx: Context): Promise<Claimed[]> {
	const { db } = ctx.services.database;
	const now = sql`to_timestamp(${ctx.nowMs} / 1000.0)`;
	return db
		.update(recordings)
		.set({
			attempts: sql`${recordings.attempts} + 1`,
			nextAttemptAt: new Date(ctx.nowMs + CLAIM_SECONDS * 1000)
		})
		.where(
			sql`${recordings.id} in (
				select id from recordings
				where state = 'pending' and (next_attempt_at is null or next_attempt_at <= ${now})
				order by next_attempt_at nulls first limit ${CLAIMED_MAX} for update skip locked)`
		)
		.returning({
			id: recordings.id,
			organizationId: recordings.organizationId,
			provider: recordings.provider,
			sourceUrl: recordings.sourceUrl,
			attempts: recordings.attempts
		});
}

async function fetchOne(ctx: Context, row: Claimed): Promise<boolean> {
	const { config, log, providers } = ctx.services;
	const source = providers[row.provider]?.recordingSource;
	const incoming = path.join(recordingsDirectory(config), 'incoming', row.id);
	const fetched: Download = source
		? await download(row.sourceUrl, source, incoming)
		: { kind: 'not_yet', reason: `${row.provider} is not set up here.` };
	if (fetched.kind === 'fetched') return keep(ctx, row, { ...fetched, path: incoming });
	log.warn({ recording: row.id, reason: fetched.reason, attempts: row.attempts }, 'recording');
	const seconds = fetched.kind === 'not_yet' ? nextTrySeconds(FETCH_BACKOFF, row.attempts) : null;
	await settle(ctx, row, {
		state: seconds === null ? 'failed' : 'pending',
		nextAttemptAt: seconds === null ? null : new Date(ctx.services.clock() + seconds * 1000),
		note: fetched.reason
	});
	return false;
}

async function keep(
	ctx: Context,
	row: Claimed,
	file: { path: string; bytes: number; contentType: string }
): Promise<boolean> {
	const { recordings: store, clock, log } = ctx.services;
	const storageKey = storageKeyOf(row.id);
	await store.put(storageKey, file);
	const storedAtMs = clock();
	const isKept = await settle(ctx, row, {
		state: 'stored',
		storageKey,
		bytes: file.bytes,
		contentType: file.contentType,
		storedAt: new Date(storedAtMs),
		deleteAfter: new Date(storedAtMs + (await retentionMs(ctx, row.organizationId))),
		nextAttemptAt: null,
		note: null
	});
	// Somebody deleted the recording while it was on its way.
	if (!isKept) await store.delete(storageKey);
	log.info({ recording: row.id, bytes: file.bytes, attempts: row.attempts }, 'recording: stored');
	return isKept;
}

/** Writes down what came of a try, unless the recording is waited for no longer. */
async function settle(
	ctx: Context,
	row: Claimed,
	outcome: Partial<RecordingRow>
): Promise<boolean> {
	const settled = await ctx.services.database.db
		.update(recordings)
		.set(outcome)
		.where(and(eq(recordings.id, row.id), eq(recordings.state, 'pending')))
		.returning({ id: recordings.id });
	return settled.length > 0;
}

async function retentionMs(ctx: Context, organizationId: number): Promise<number> {
	const [row] = await ctx.services.database.db
		.select({ days: organizations.recordingRetentionDays })
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	return (row?.days ?? 0) * 86_400_000;
}
