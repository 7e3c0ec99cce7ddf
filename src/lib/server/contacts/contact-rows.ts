import { and, eq, getTableColumns, isNull } from 'drizzle-orm';
import type { ContactValues } from '$lib/domain/contacts/fields';
import { parsePhone } from '$lib/domain/phone';
import type { ContactRowView, ContactView } from '$lib/views';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { contacts, organizations } from '../db/schema/index';
import { AppError } from '../errors';

const {
	searchText: _searchText,
	nameKey: _nameKey,
	companyKey: _companyKey,
	...columns
} = getTableColumns(contacts);

/** All of a contact but what only searching and sorting read. */
export const CONTACT_COLUMNS = columns;

export type ContactRow = Omit<
	typeof contacts.$inferSelect,
	'searchText' | 'nameKey' | 'companyKey'
>;

type RowColumns = Pick<
	ContactRow,
	| 'id'
	| 'name'
	| 'phone'
	| 'email'
	| 'company'
	| 'timezone'
	| 'doNotCall'
	| 'lastCalledAt'
	| 'createdAt'
	| 'archivedAt'
>;

export function toContactRowView(row: RowColumns): ContactRowView {
	return {
		id: row.id,
		name: row.name,
		phone: row.phone,
		email: row.email,
		company: row.company,
		timezone: row.timezone,
		doNotCall: row.doNotCall,
		lastCalledAt: row.lastCalledAt?.toISOString() ?? null,
		createdAt: row.createdAt.toISOString(),
		archivedAt: row.archivedAt?.toISOString() ?? null
	};
}

export function toContactView(row: ContactRow): ContactView {
	return {
		...toContactRowView(row),
		address: row.address,
		city: row.city,
		region: row.region,
		postalCode: row.postalCode,
		country: row.country,
		about: row.about,
		externalId: row.externalId,
		doNotCallReason: row.doNotCallReason,
		doNotCallAt: row.doNotCallAt?.toISOString() ?? null,
		updatedAt: row.updatedAt?.toISOString() ?? null,
		mergedInto: row.mergedInto,
		erasedAt: row.erasedAt?.toISOString() ?? null
	};
}

export function valuesOf(row: ContactRow): ContactValues {
	const { name, phone, email, company, timezone, address, city, region } = row;
	const { postalCode, country, about, externalId } = row;
	const first = { name, phone, email, company, timezone, address, city, region };
	return { ...first, postalCode, country, about, externalId };
}

/** @throws AppError `not_found` for another organisation's too */
export async function getContactRow(
	db: Pick<Database, 'select'>,
	organizationId: number,
	contactId: string
): Promise<ContactRow> {
	const [row] = await db
		.select(CONTACT_COLUMNS)
		.from(contacts)
		.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId)));
	if (!row) throw new AppError('not_found', 'There is no such contact.');
	return row;
}

/** Those to change, locked in the order of their ids, so that two who meet wait for each other. */
export async function lockContactRow(
	tx: Pick<Database, 'select'>,
	organizationId: number,
	contactId: string
): Promise<ContactRow> {
	const [row] = await tx
		.select(CONTACT_COLUMNS)
		.from(contacts)
		.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId)))
		.for('no key update');
	if (!row) throw new AppError('not_found', 'There is no such contact.');
	return row;
}

export async function getCountry(ctx: Context, organizationId: number): Promise<string> {
	const [found] = await ctx.services.database.db
		.select({ country: organizations.country })
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	if (!found) throw new AppError('not_found', 'organization_id names no organisation.');
	return found.country;
}

/** @throws AppError `invalid` for `phone` */
export function readContactPhone(text: string, country: string): string {
	const number = parsePhone(text, country);
	if (number) return number.e164;
	throw invalidPhone(`${text} is no phone number. Write it like +12025550161.`);
}

export function invalidPhone(sentence: string): AppError {
	return new AppError('invalid', sentence, { phone: sentence });
}

/** Who has a number now, apart from one contact. */
export async function findHolder(
	db: Pick<Database, 'select'>,
	organizationId: number,
	phone: string
): Promise<{ id: string; name: string } | null> {
	const [holder] = await db
		.select({ id: contacts.id, name: contacts.name })
		.from(contacts)
		.where(
			and(
				eq(contacts.organizationId, organizationId),
				eq(contacts.phone, phone),
				isNull(contacts.archivedAt)
			)
		);
	return holder ?? null;
}
