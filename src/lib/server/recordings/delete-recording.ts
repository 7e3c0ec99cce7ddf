import { and, eq, inArray } from 'drizzle-orm';
import type { RecordingIdInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { recordings } from '../db/schema/index';
import { eraseFile } from './erase-recordings';
import { getOwnRecording } from './recording-rows';

/**
 * Deletes a recording: marked and audited in one transaction, and its file erased after that. One that
 * is deleted already stays so.
 */
export async function deleteRecording({
	ctx,
	input
}: {
	ctx: Context;
	input: RecordingIdInput;
}): Promise<{ deleted: true }> {
	const person = requirePerson(ctx, 'recordings.delete');
	const row = await getOwnRecording(ctx, person, input.recordingId);
	const isMarked = await ctx.services.database.db.transaction(async (tx) => {
		const marked = await tx
			.update(recordings)
			.set({ state: 'deleted', note: 'Deleted by a person.', nextAttemptAt: null })
			.where(
				and(eq(recordings.id, row.id), inArray(recordings.state, ['pending', 'stored', 'failed']))
			)
			.returning({ id: recordings.id });
		if (marked.length === 0) return false;
		await writeAudit(tx, ctx, {
			organizationId: row.organizationId,
			action: 'recording.delete',
			before: { recordingId: row.id, callId: row.callId, state: row.state },
			after: { state: 'deleted' }
		});
		return true;
	});
	if (isMarked && row.storageKey !== null) await eraseFile(ctx, row.id, row.storageKey);
	return { deleted: true };
}
