import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import type { ContactIdInput } from '$lib/inputs';
import type { ContactDetailView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import {
	contactImports,
	contactMerges,
	contacts,
	leadListMembers,
	leadLists
} from '../db/schema/index';
import { getContactRow, toContactView } from './contact-rows';

const LISTS_MAX = 200;

/** A contact with the lists it can be put on and those that were merged into it. */
export async function getContact({
	ctx,
	input
}: {
	ctx: Context;
	input: ContactIdInput;
}): Promise<ContactDetailView> {
	const person = requirePerson(ctx, 'contacts.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const row = await getContactRow(db, organizationId, input.contactId);
	const [merged, lists, imported] = await Promise.all([
		db
			.select({
				mergeId: contactMerges.id,
				contactId: contacts.id,
				name: contacts.name,
				phone: contacts.phone,
				mergedAt: contactMerges.createdAt
			})
			.from(contactMerges)
			.innerJoin(contacts, eq(contacts.id, contactMerges.mergedId))
			.where(
				and(
					eq(contactMerges.organizationId, organizationId),
					eq(contactMerges.keptId, row.id),
					isNull(contactMerges.undoneAt)
				)
			)
			.orderBy(desc(contactMerges.seq)),
		db
			.select({ id: leadLists.id, name: leadLists.name, memberId: leadListMembers.contactId })
			.from(leadLists)
			.leftJoin(
				leadListMembers,
				and(eq(leadListMembers.leadListId, leadLists.id), eq(leadListMembers.contactId, row.id))
			)
			.where(eq(leadLists.organizationId, organizationId))
			.orderBy(asc(leadLists.name), asc(leadLists.id))
			.limit(LISTS_MAX),
		row.importId === null
			? []
			: db
					.select({ importId: contactImports.id, fileName: contactImports.fileName })
					.from(contactImports)
					.where(
						and(
							eq(contactImports.organizationId, organizationId),
							eq(contactImports.id, row.importId)
						)
					)
	]);
	return {
		contact: toContactView(row),
		merged: merged.map((one) => ({ ...one, mergedAt: one.mergedAt.toISOString() })),
		lists: lists.map(({ id, name, memberId }) => ({ id, name, isOn: memberId !== null })),
		importedFrom: imported[0] ?? null
	};
}
