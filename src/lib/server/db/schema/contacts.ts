import { sql } from 'drizzle-orm';
import {
	boolean,
	check,
	index,
	integer,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns';
import { organizations } from './organizations';

/** A person with a phone. */
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
		lastCalledAt: moment(),
		doNotCall: boolean().notNull().default(false),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('contacts_phone_key').on(table.organizationId, table.phone),
		uniqueIndex('contacts_tenant_key').on(table.organizationId, table.id),
		index('contacts_name').on(table.organizationId, table.name, table.id),
		check('contacts_phone_e164', sql`${table.phone} ~ '^\\+[1-9][0-9]{5,14}$'`)
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
