import { and, eq } from 'drizzle-orm';
import type { AboutContactInput } from '$lib/inputs';
import type { CallBackView, NoteView, OutcomeView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contacts } from '../db/schema/index';
import { AppError } from '../errors';
import { readCallBacksOfContact } from './call-back-rows';
import { readLastOutcomes, readNotes } from './outcome-rows';

export interface ContactNotes {
	lastOutcome: OutcomeView | null;
	/** Newest first, those of calls among them. */
	notes: NoteView[];
	callBacks: CallBackView[];
}

/** What was said and promised in all calls with a contact. */
export async function getContactNotes({
	ctx,
	input: { contactId }
}: {
	ctx: Context;
	input: AboutContactInput;
}): Promise<ContactNotes> {
	const person = requirePerson(ctx, 'outcomes.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const own = and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId));
	const [contact] = await db.select({ id: contacts.id }).from(contacts).where(own);
	if (!contact) throw new AppError('not_found', 'There is no such contact.');
	const [outcomes, notes, callBacks] = await Promise.all([
		readLastOutcomes(db, organizationId, [contactId]),
		readNotes(db, organizationId, { contactId }),
		readCallBacksOfContact(db, organizationId, contactId)
	]);
	return { lastOutcome: outcomes.get(contactId) ?? null, notes, callBacks };
}
