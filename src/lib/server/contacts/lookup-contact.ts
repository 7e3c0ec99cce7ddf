import { and, desc, eq, isNotNull, isNull } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { LookupContactInput } from '$lib/inputs';
import type { ContactView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { contacts } from '../db/schema/index';
import {
	CONTACT_COLUMNS,
	getCountry,
	readContactPhone,
	toContactView,
	type ContactRow
} from './contact-rows';

/** Whose number it is in the organisation, in whatever format it is written. */
export async function lookupContact({
	ctx,
	input
}: {
	ctx: Context;
	input: LookupContactInput;
}): Promise<ContactView | null> {
	const person = requirePerson(ctx, 'contacts.lookup');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const phone = readContactPhone(input.phone, await getCountry(ctx, organizationId));
	const row = await findContactByPhone(ctx.services.database.db, organizationId, phone);
	return row && toContactView(row);
}

/**
 * The contact that has exactly this number, or into which one was merged that had it.
 * @param phone E.164
 */
export async function findContactByPhone(
	db: Pick<Database, 'select'>,
	organizationId: number,
	phone: string
): Promise<ContactRow | null> {
	const [holder] = await db
		.select(CONTACT_COLUMNS)
		.from(contacts)
		.where(
			and(
				eq(contacts.organizationId, organizationId),
				eq(contacts.phone, phone),
				isNull(contacts.archivedAt)
			)
		);
	if (holder) return holder;
	const merged = alias(contacts, 'merged');
	const [kept] = await db
		.select(CONTACT_COLUMNS)
		.from(merged)
		.innerJoin(
			contacts,
			and(eq(contacts.organizationId, organizationId), eq(contacts.id, merged.mergedInto))
		)
		.where(
			and(
				eq(merged.organizationId, organizationId),
				eq(merged.phone, phone),
				isNotNull(merged.archivedAt),
				isNotNull(merged.mergedInto),
				isNull(contacts.archivedAt)
			)
		)
		.orderBy(desc(merged.archivedAt))
		.limit(1);
	return kept ?? null;
}
