import { and, eq } from 'drizzle-orm';
import type { SaveNoteInput } from '$lib/inputs';
import type { NoteView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contacts } from '../db/schema/index';
import { AppError } from '../errors';
import type { Transaction } from '../live/append';
import { readNotes } from './outcome-rows';
import { getSpokenCall } from './spoken-call';
import { writeNote } from './write-note';

/** Writes a note about a call or a contact, changes one's own, or deletes it by leaving it empty. */
export async function saveNote({
	ctx,
	input
}: {
	ctx: Context;
	input: SaveNoteInput;
}): Promise<NoteView | null> {
	const person = requirePerson(ctx, 'outcomes.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	await db.transaction(async (tx) => {
		const about =
			input.callId === undefined
				? await getContact(tx, organizationId, input.contactId ?? '')
				: await getSpokenCall(tx, person, organizationId, input.callId);
		await writeNote(tx, ctx, person, about, input);
	});
	const [note] = await readNotes(db, organizationId, { noteId: input.noteId });
	return note ?? null;
}

async function getContact(tx: Transaction, organizationId: number, contactId: string) {
	const [contact] = await tx
		.select({ contactId: contacts.id })
		.from(contacts)
		.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId)));
	if (!contact) throw new AppError('not_found', 'There is no such contact.');
	return { id: null, organizationId, contactId: contact.contactId };
}
