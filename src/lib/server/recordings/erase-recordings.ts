import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Context } from '../context';
import { recordings } from '../db/schema/index';

const ERASED_MAX = 500;

/**
 * Marks the recordings whose time is over, and erases the files of all that are marked. A file that the
 * storage would not give up is tried again with the next round.
 */
export async function eraseRecordings({
	ctx
}: {
	ctx: Context;
}): Promise<{ expired: number; erased: number }> {
	const { db } = ctx.services.database;
	const expired = await db
		.update(recordings)
		.set({ state: 'deleted', note: 'Its time was over.' })
		.where(
			and(
				eq(recordings.state, 'stored'),
				sql`${recordings.deleteAfter} <= to_timestamp(${ctx.nowMs} / 1000.0)`
			)
		)
		.returning({ id: recordings.id });
	const marked = await db
		.select({ id: recordings.id, storageKey: recordings.storageKey })
		.from(recordings)
		.where(and(eq(recordings.state, 'deleted'), isNotNull(recordings.storageKey)))
		.limit(ERASED_MAX);
	let erased = 0;
	for (const row of marked) {
		if (row.storageKey !== null && (await eraseFile(ctx, row.id, row.storageKey))) erased++;
	}
	return { expired: expired.length, erased };
}

/** Erases the file of a recording that is marked as deleted. @returns whether it is gone */
export async function eraseFile(
	ctx: Context,
	recordingId: string,
	storageKey: string
): Promise<boolean> {
	const { database, log, recordings: store } = ctx.services;
	try {
		await store.delete(storageKey);
	} catch (error) {
		log.warn({ err: error, recording: recordingId }, 'recording: the file could not be erased');
		return false;
	}
	await database.db
		.update(recordings)
		.set({ storageKey: null })
		.where(eq(recordings.id, recordingId));
	return true;
}
