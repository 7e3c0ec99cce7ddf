import { and, eq } from 'drizzle-orm';
import type { Context, Person } from '../context';
import { notes } from '../db/schema/outcomes';
import { AppError } from '../errors';
import type { Transaction } from '../live/append';

/**
 * Writes a note, or deletes it when it is empty.
 * @throws AppError `conflict` when the id is of a note of somebody or something else
 */
export async function writeNote(
	tx: Transaction,
	ctx: Context,
	person: Person,
	about: { id: string | null; organizationId: number; contactId: string | null },
	{ noteId: id, text }: { noteId: string; text: string }
): Promise<void> {
	const { id: callId, organizationId, contactId } = about;
	const own = and(
		eq(notes.organizationId, organizationId),
		eq(notes.id, id),
		eq(notes.userId, person.userId)
	);
	if (text === '') {
		await tx.delete(notes).where(own);
		return;
	}
	const updatedAt = new Date(ctx.nowMs);
	const written = await tx
		.insert(notes)
		.values({
			id,
			organizationId,
			callId,
			contactId,
			userId: person.userId,
			text,
			createdAt: updatedAt,
			updatedAt
		})
		.onConflictDoUpdate({ target: notes.id, set: { text, updatedAt }, setWhere: own })
		.returning({ callId: notes.callId, contactId: notes.contactId });
	const [found] = written;
	const isSame = callId === null ? found?.contactId === contactId : found?.callId === callId;
	if (!isSame) throw new AppError('conflict', 'noteId is already in use.');
}
