import { and, eq } from 'drizzle-orm';
import type { ContactIdInput } from '$lib/inputs';
import type { ContactView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contacts } from '../db/schema/index';
import { CONTACT_COLUMNS, lockContactRow, toContactView } from './contact-rows';
import { leaveLists } from './list-places';

/** Puts a contact away: off every list and out of every search. Its calls stay, and it can be restored. */
export async function archiveContact({
	ctx,
	input
}: {
	ctx: Context;
	input: ContactIdInput;
}): Promise<ContactView> {
	const person = requirePerson(ctx, 'contacts.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { contactId } = input;
	return ctx.services.database.db.transaction(async (tx) => {
		const row = await lockContactRow(tx, organizationId, contactId);
		if (row.archivedAt) return toContactView(row);
		const archivedPlaces = await leaveLists(tx, organizationId, contactId);
		const [changed] = await tx
			.update(contacts)
			.set({ archivedAt: new Date(ctx.nowMs), archivedPlaces })
			.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId)))
			.returning(CONTACT_COLUMNS);
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'contact.archived',
			before: { name: row.name, phone: row.phone },
			after: { contactId, lists: archivedPlaces.length }
		});
		return toContactView(changed ?? row);
	});
}
