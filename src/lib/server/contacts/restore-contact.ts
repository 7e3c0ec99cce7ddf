import { and, eq } from 'drizzle-orm';
import type { ContactIdInput } from '$lib/inputs';
import type { ContactView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contacts } from '../db/schema/index';
import { isTaken } from '../db/trouble';
import { AppError } from '../errors';
import { CONTACT_COLUMNS, findHolder, lockContactRow, toContactView } from './contact-rows';
import { takePlaces } from './list-places';

/** Brings back a contact that was archived, onto the lists it was on. */
export async function restoreContact({
	ctx,
	input
}: {
	ctx: Context;
	input: ContactIdInput;
}): Promise<ContactView> {
	const person = requirePerson(ctx, 'contacts.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { contactId } = input;
	const { db } = ctx.services.database;
	try {
		return await db.transaction(async (tx) => {
			const row = await lockContactRow(tx, organizationId, contactId);
			if (row.erasedAt) throw new AppError('conflict', 'An erased contact cannot be restored.');
			if (!row.archivedAt) return toContactView(row);
			if (row.mergedInto) {
				throw new AppError('conflict', `${row.name} was merged. Undo the merge instead.`);
			}
			const [changed] = await tx
				.update(contacts)
				.set({ archivedAt: null, archivedPlaces: null })
				.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId)))
				.returning(CONTACT_COLUMNS);
			await takePlaces(tx, organizationId, contactId, row.archivedPlaces ?? []);
			await writeAudit(tx, ctx, {
				organizationId,
				action: 'contact.restored',
				before: {},
				after: { contactId }
			});
			return toContactView(changed ?? row);
		});
	} catch (error) {
		if (!isTaken(error, 'contacts_phone_key')) throw error;
		throw await takenMeanwhile(ctx, organizationId, contactId);
	}
}

/** The refusal when another contact has taken the number of one that was put away. */
export async function takenMeanwhile(
	ctx: Context,
	organizationId: number,
	contactId: string
): Promise<AppError> {
	const { db } = ctx.services.database;
	const [row] = await db
		.select({ name: contacts.name, phone: contacts.phone })
		.from(contacts)
		.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId)));
	const holder = await findHolder(db, organizationId, row?.phone ?? '');
	return new AppError(
		'conflict',
		`${row?.name ?? 'The contact'} was not brought back: ${holder?.name ?? 'another contact'} has the number ${row?.phone ?? ''} now. Archive that one first.`
	);
}
