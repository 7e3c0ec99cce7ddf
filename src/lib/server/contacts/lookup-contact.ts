import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { LookupContactInput } from '$lib/inputs';
import type { ContactView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { writeOnce } from '../db/prepared';
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
	const [found] = await holderOf(db).execute({ organizationId, phone });
	return found?.contact ?? null;
}

const merged = alias(contacts, 'merged');
const organizationId = sql.placeholder('organizationId');
const phone = sql.placeholder('phone');

/**
 * The one row of who has the number, or else of who was given what had it last: each is found by an index of
 * its own.
 */
export function holderRow(db: Pick<Database, 'select'>) {
	return db
		.select({ contact: CONTACT_COLUMNS, isMerged: sql<boolean>`false`.as('is_merged') })
		.from(contacts)
		.where(
			and(
				eq(contacts.organizationId, organizationId),
				eq(contacts.phone, phone),
				isNull(contacts.archivedAt)
			)
		)
		.unionAll(
			db
				.select({ contact: CONTACT_COLUMNS, isMerged: sql<boolean>`true`.as('is_merged') })
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
				.limit(1)
		)
		.orderBy(sql`is_merged`)
		.limit(1);
}

const holderOf = writeOnce((db: Pick<Database, 'select'>) => holderRow(db).prepare('holder_of'));
