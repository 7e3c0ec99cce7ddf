import { and, eq } from 'drizzle-orm';
import { changedValues } from '$lib/domain/contacts/fields';
import type { UpdateContactInput } from '$lib/inputs';
import type { ContactView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contacts } from '../db/schema/index';
import { isTaken } from '../db/trouble';
import { AppError } from '../errors';
import {
	CONTACT_COLUMNS,
	findHolder,
	getCountry,
	lockContactRow,
	readContactPhone,
	toContactView,
	valuesOf
} from './contact-rows';
import { findBar, phoneTaken } from './create-contact';

/** Changes what is named and differs; what others changed meanwhile stays. */
export async function updateContact({
	ctx,
	input
}: {
	ctx: Context;
	input: UpdateContactInput;
}): Promise<ContactView> {
	const person = requirePerson(ctx, 'contacts.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { contactId, phone: typed, ...named } = input;
	const phone =
		typed === undefined
			? undefined
			: readContactPhone(typed, await getCountry(ctx, organizationId));
	const { db } = ctx.services.database;
	try {
		return await db.transaction(async (tx) => {
			const row = await lockContactRow(tx, organizationId, contactId);
			if (row.archivedAt) {
				throw new AppError('conflict', `${row.name} was archived. Restore the contact first.`);
			}
			const current = valuesOf(row);
			const next = Object.fromEntries(
				Object.entries({ ...named, phone }).filter(([, value]) => value !== undefined)
			);
			const after = changedValues(current, next);
			if (Object.keys(after).length === 0) return toContactView(row);
			const barred = after.phone ? await findBar(tx, organizationId, after.phone) : {};
			const [changed] = await tx
				.update(contacts)
				.set({ ...after, ...barred, updatedAt: new Date(ctx.nowMs) })
				.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId)))
				.returning(CONTACT_COLUMNS);
			const before = Object.fromEntries(
				Object.entries(current).filter(([field]) => field in after)
			);
			await writeAudit(tx, ctx, {
				organizationId,
				action: 'contact.updated',
				before,
				after: { contactId, ...after }
			});
			return toContactView(changed ?? row);
		});
	} catch (error) {
		if (!phone || !isTaken(error, 'contacts_phone_key')) throw error;
		const holder = await findHolder(db, organizationId, phone);
		throw phoneTaken(holder?.name ?? 'Another contact');
	}
}
