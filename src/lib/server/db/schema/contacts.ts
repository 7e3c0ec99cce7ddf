import { sql } from 'drizzle-orm';
import {
	boolean,
	check,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns';
import { organizations } from './organizations';

/** A place on a lead list that an archived contact had. */
export interface ListPlace {
	leadListId: string;
	/** Null: at the end. */
	position: number | null;
}

/** A person with a phone. One that was archived is on no list and is found by no number. */
export const contacts = pgTable(
	'contacts',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		/** E.164. */
		phone: text().notNull(),
		name: text().notNull(),
		email: text(),
		company: text(),
		/** IANA zone; null when only the number tells. */
		timezone: text(),
		address: text(),
		city: text(),
		/** State, province or county, as it was written. */
		region: text(),
		postalCode: text(),
		/** ISO country of the address. */
		country: text(),
		/** What is known of the person; what was noted of one call is in `notes`. */
		about: text(),
		/** Id in the system the contact came from. */
		externalId: text(),
		lastCalledAt: moment(),
		doNotCall: boolean().notNull().default(false),
		doNotCallReason: text(),
		doNotCallAt: moment(),
		createdAt: createdAt(),
		/** Null: as it was made. */
		updatedAt: moment(),
		archivedAt: moment(),
		/** Where it stood when it was archived, to be put back there. */
		archivedPlaces: jsonb().$type<ListPlace[]>(),
		/** When what was known of the person was erased; then it is archived for good. */
		erasedAt: moment(),
		/** Same tenant: a two-column foreign key. The contact that took its place; then it is archived. */
		mergedInto: uuid(),
		/** Same tenant: a two-column foreign key. The import that made it. */
		importId: uuid(),
		/** What contacts are sorted by. */
		nameKey: text().generatedAlwaysAs(sql`search_form(name)`),
		companyKey: text().generatedAlwaysAs(sql`coalesce(search_form(company), '~')`),
		/** What a search looks in: everything in one simple form (`search_form`), the number as digits. */
		searchText: text().generatedAlwaysAs(
			sql`search_form(name || ' ' || coalesce(company, '') || ' ' || coalesce(email, '') || ' ' || ltrim(phone, '+'))`
		)
	},
	(table) => [
		uniqueIndex('contacts_phone_key')
			.on(table.organizationId, table.phone)
			.where(sql`${table.archivedAt} is null`),
		uniqueIndex('contacts_tenant_key').on(table.organizationId, table.id),
		index('contacts_merged')
			.on(table.organizationId, table.mergedInto)
			.where(sql`${table.mergedInto} is not null`),
		index('contacts_archived_phone')
			.on(table.organizationId, table.phone)
			.where(sql`${table.archivedAt} is not null`),
		index('contacts_archived')
			.on(table.organizationId, table.archivedAt.desc().nullsFirst(), table.id.desc().nullsFirst())
			.where(sql`${table.archivedAt} is not null`),
		index('contacts_import')
			.on(table.importId, table.id)
			.where(sql`${table.importId} is not null`),
		index('contacts_newest')
			.on(table.organizationId, table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst())
			.where(sql`${table.archivedAt} is null`),
		check('contacts_phone_e164', sql`${table.phone} ~ '^\\+[1-9][0-9]{5,14}$'`),
		check('contacts_name_length', sql`length(${table.name}) between 1 and 200`),
		check('contacts_about_length', sql`length(${table.about}) <= 5000`),
		check(
			'contacts_merged_is_archived',
			sql`${table.mergedInto} is null or ${table.archivedAt} is not null`
		)
	]
);

export const leadLists = pgTable(
	'lead_lists',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		name: text().notNull(),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('lead_lists_name_key').on(table.organizationId, table.name),
		uniqueIndex('lead_lists_tenant_key').on(table.organizationId, table.id)
	]
);

export const leadListMembers = pgTable(
	'lead_list_members',
	{
		organizationId: integer().notNull(),
		leadListId: uuid().notNull(),
		contactId: uuid().notNull(),
		position: integer().notNull(),
		addedAt: createdAt()
	},
	(table) => [
		primaryKey({ columns: [table.leadListId, table.contactId] }),
		uniqueIndex('lead_list_members_order').on(table.leadListId, table.position),
		index('lead_list_members_contact').on(table.contactId)
	]
);
