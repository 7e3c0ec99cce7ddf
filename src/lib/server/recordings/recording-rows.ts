import { and, asc, eq } from 'drizzle-orm';
import type { RecordingView } from '$lib/views';
import type { Context, Person } from '../context';
import { recordings } from '../db/schema/index';
import { AppError } from '../errors';

export type RecordingRow = typeof recordings.$inferSelect;

/**
 * A recording the person may hear. Another organisation's is as absent as one that never was.
 * @throws AppError `not_found`
 */
export async function getOwnRecording(
	ctx: Context,
	person: Person,
	recordingId: string
): Promise<RecordingRow> {
	const [row] = await ctx.services.database.db
		.select()
		.from(recordings)
		.where(eq(recordings.id, recordingId));
	const isOwn = person.organizationId === null || row?.organizationId === person.organizationId;
	if (!row || !isOwn) throw new AppError('not_found', 'There is no such recording.');
	return row;
}

/** Those of one call, oldest first. */
export async function listRecordingsOf(
	ctx: Context,
	call: { organizationId: number; id: string }
): Promise<RecordingView[]> {
	const rows = await ctx.services.database.db
		.select()
		.from(recordings)
		.where(and(eq(recordings.organizationId, call.organizationId), eq(recordings.callId, call.id)))
		.orderBy(asc(recordings.createdAt), asc(recordings.id));
	return rows.map(toRecordingView);
}

export function toRecordingView(row: RecordingRow): RecordingView {
	return {
		id: row.id,
		state: row.state,
		seconds: row.seconds,
		contentType: row.contentType,
		deleteAfter: row.deleteAfter?.toISOString() ?? null
	};
}
