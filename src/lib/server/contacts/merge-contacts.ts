/**
 * Two contacts become one. The kept one takes what it lacks and the other's places on lists; the other is put
 * away under it with its number, by which the kept one is found from then on. No call is touched: the calls of
 * the other are shown as the kept one's because of where it went, so the undo has nothing to give back there.
 */
import { and, eq } from 'drizzle-orm';
import { mergeValues } from '$lib/domain/contacts/merge';
import { MergeContactsInput } from '$lib/inputs';
import type { MergeView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contactMerges, contacts } from '../db/schema/index';
import { AppError } from '../errors';
import { lockContactRow, valuesOf, type ContactRow } from './contact-rows';
import { leaveLists, takePlaces } from './list-places';

type MarkColumns = Pick<ContactRow, 'doNotCall' | 'doNotCallReason'>;

export async function mergeContacts({
	ctx,
	input
}: {
	ctx: Context;
	input: MergeContactsInput;
}): Promise<MergeView> {
	const person = requirePerson(ctx, 'contacts.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { requestId: mergeId, keepId, mergeId: otherId, take } = MergeContactsInput.parse(input);
	return ctx.services.database.db.transaction(async (tx) => {
		const inOrder: ContactRow[] = [];
		for (const id of [keepId, otherId].sort()) {
			inOrder.push(await lockContactRow(tx, organizationId, id));
		}
		const [first, second] = inOrder;
		if (!first || !second) throw new Error('Two contacts were locked.');
		const [kept, other] = first.id === keepId ? [first, second] : [second, first];
		if (other.mergedInto === kept.id) {
			const [known] = await tx.select().from(contactMerges).where(eq(contactMerges.id, mergeId));
			if (known) return { mergeId, keptId: keepId, mergedName: other.name };
		}
		for (const { name, archivedAt } of [kept, other]) {
			if (archivedAt) throw new AppError('conflict', `${name} was archived or merged already.`);
		}
		const changed = mergeValues(valuesOf(kept), valuesOf(other), take);
		const marked: Partial<MarkColumns> =
			other.doNotCall && !kept.doNotCall
				? { doNotCall: true, doNotCallReason: other.doNotCallReason }
				: {};
		const after = { ...changed, ...marked };
		const former = {
			...valuesOf(kept),
			doNotCall: kept.doNotCall,
			doNotCallReason: kept.doNotCallReason
		};
		const before = Object.fromEntries(Object.entries(former).filter(([field]) => field in after));
		const now = new Date(ctx.nowMs);
		const places = await leaveLists(tx, organizationId, otherId);
		await tx
			.update(contacts)
			.set({ archivedAt: now, archivedPlaces: places, mergedInto: keepId })
			.where(eq(contacts.id, otherId));
		// What was merged into the other before follows it.
		await tx
			.update(contacts)
			.set({ mergedInto: keepId })
			.where(and(eq(contacts.organizationId, organizationId), eq(contacts.mergedInto, otherId)));
		const { lastCalledAt } = other;
		const isCalledLater = lastCalledAt && (!kept.lastCalledAt || lastCalledAt > kept.lastCalledAt);
		await tx
			.update(contacts)
			.set({
				...after,
				...(marked.doNotCall && { doNotCallAt: other.doNotCallAt }),
				...(isCalledLater && { lastCalledAt }),
				updatedAt: now
			})
			.where(eq(contacts.id, keepId));
		const listIds = await takePlaces(tx, organizationId, keepId, places);
		await tx.insert(contactMerges).values({
			...{ id: mergeId, organizationId, keptId: keepId, mergedId: otherId, before, after, listIds },
			userId: person.userId,
			createdAt: now
		});
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'contact.merged',
			before,
			after: {
				contactId: keepId,
				mergedId: otherId,
				merged: `${other.name} ${other.phone}`,
				...after
			}
		});
		return { mergeId, keptId: keepId, mergedName: other.name };
	});
}
