import { and, eq } from 'drizzle-orm';
import type { ContactListInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { leadListMembers, leadLists } from '../db/schema/index';
import { AppError } from '../errors';
import { lockContactRow } from './contact-rows';
import { takePlaces } from './list-places';

/** Puts a contact on a lead list, or takes it off. */
export async function setContactList({
	ctx,
	input
}: {
	ctx: Context;
	input: ContactListInput;
}): Promise<{ isOn: boolean }> {
	const person = requirePerson(ctx, 'contacts.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { contactId, listId, isOn } = input;
	await ctx.services.database.db.transaction(async (tx) => {
		const row = await lockContactRow(tx, organizationId, contactId);
		if (row.archivedAt) throw new AppError('conflict', `${row.name} was archived.`);
		const [list] = await tx
			.select({ name: leadLists.name })
			.from(leadLists)
			.where(and(eq(leadLists.organizationId, organizationId), eq(leadLists.id, listId)));
		if (!list) throw new AppError('not_found', 'There is no such lead list.');
		const changed = isOn
			? await takePlaces(tx, organizationId, contactId, [{ leadListId: listId, position: null }])
			: await tx
					.delete(leadListMembers)
					.where(
						and(
							eq(leadListMembers.organizationId, organizationId),
							eq(leadListMembers.leadListId, listId),
							eq(leadListMembers.contactId, contactId)
						)
					)
					.returning({ id: leadListMembers.leadListId });
		if (changed.length === 0) return;
		await writeAudit(tx, ctx, {
			organizationId,
			action: isOn ? 'contact.listed' : 'contact.unlisted',
			before: { list: isOn ? null : list.name },
			after: { contactId, list: isOn ? list.name : null, listId }
		});
	});
	return { isOn };
}
