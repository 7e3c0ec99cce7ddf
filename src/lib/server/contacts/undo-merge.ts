import { and, eq, gt, inArray, isNull } from 'drizzle-orm';
import { valuesToGiveBack } from '$lib/domain/contacts/merge';
import type { MergeIdInput } from '$lib/inputs';
import type { ContactView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contactMerges, contacts, leadListMembers } from '../db/schema/index';
import { isTaken } from '../db/trouble';
import { AppError } from '../errors';
import { CONTACT_COLUMNS, getContactRow, lockContactRow, toContactView } from './contact-rows';
import { takePlaces } from './list-places';
import { takenMeanwhile } from './restore-contact';

/**
 * Parts two merged contacts: the other is back with its number and its places, and the kept one has its own
 * values again, except for those that were changed since.
 */
export async function undoMerge({
	ctx,
	input
}: {
	ctx: Context;
	input: MergeIdInput;
}): Promise<ContactView> {
	const person = requirePerson(ctx, 'contacts.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const [merge] = await db
		.select()
		.from(contactMerges)
		.where(
			and(eq(contactMerges.organizationId, organizationId), eq(contactMerges.id, input.mergeId))
		);
	if (!merge) throw new AppError('not_found', 'There is no such merge.');
	try {
		return await db.transaction(async (tx) => {
			for (const id of [merge.keptId, merge.mergedId].sort()) {
				await lockContactRow(tx, organizationId, id);
			}
			const [open] = await tx
				.update(contactMerges)
				.set({ undoneAt: new Date(ctx.nowMs) })
				.where(and(eq(contactMerges.id, merge.id), isNull(contactMerges.undoneAt)))
				.returning({ id: contactMerges.id });
			const other = await getContactRow(tx, organizationId, merge.mergedId);
			if (!open) return toContactView(other);
			const [later] = await tx
				.select({ id: contactMerges.id })
				.from(contactMerges)
				.where(
					and(
						eq(contactMerges.organizationId, organizationId),
						inArray(contactMerges.mergedId, [merge.keptId]),
						gt(contactMerges.seq, merge.seq),
						isNull(contactMerges.undoneAt)
					)
				);
			if (later) {
				throw new AppError(
					'conflict',
					'It was merged into another contact since. Undo that merge first.'
				);
			}
			const [back] = await tx
				.update(contacts)
				.set({ archivedAt: null, archivedPlaces: null, mergedInto: null })
				.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, other.id)))
				.returning(CONTACT_COLUMNS);
			// What had been merged into it before it was merged itself.
			await tx
				.update(contacts)
				.set({ mergedInto: other.id })
				.where(
					and(
						eq(contacts.organizationId, organizationId),
						inArray(
							contacts.id,
							tx
								.select({ id: contactMerges.mergedId })
								.from(contactMerges)
								.where(
									and(
										eq(contactMerges.organizationId, organizationId),
										eq(contactMerges.keptId, other.id),
										isNull(contactMerges.undoneAt)
									)
								)
						)
					)
				);
			const kept = await getContactRow(tx, organizationId, merge.keptId);
			const given: Record<string, unknown> = valuesToGiveBack(
				{ ...kept },
				merge.before,
				merge.after
			);
			if (Object.keys(given).length > 0) {
				const unmarked = given.doNotCall === false ? { doNotCallAt: null } : {};
				await tx
					.update(contacts)
					.set({ ...given, ...unmarked, updatedAt: new Date(ctx.nowMs) })
					.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, kept.id)));
			}
			if (merge.listIds.length > 0) {
				await tx
					.delete(leadListMembers)
					.where(
						and(
							eq(leadListMembers.organizationId, organizationId),
							eq(leadListMembers.contactId, kept.id),
							inArray(leadListMembers.leadListId, merge.listIds)
						)
					);
			}
			await takePlaces(tx, organizationId, other.id, other.archivedPlaces ?? []);
			await writeAudit(tx, ctx, {
				organizationId,
				action: 'contact.parted',
				before: {},
				after: { contactId: kept.id, partedId: other.id, parted: `${other.name} ${other.phone}` }
			});
			return toContactView(back ?? other);
		});
	} catch (error) {
		if (!isTaken(error, 'contacts_phone_key')) throw error;
		throw await takenMeanwhile(ctx, organizationId, merge.mergedId);
	}
}
