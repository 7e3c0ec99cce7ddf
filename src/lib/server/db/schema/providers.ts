import { sql } from 'drizzle-orm';
import {
	boolean,
	check,
	index,
	integer,
	pgTable,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { createdAt } from './columns';
import { organizations } from './organizations';

/** Numbers calls are made from. Without one that fits, the provider's own from number is used. */
export const callerIds = pgTable(
	'caller_ids',
	{
		id: uuid().primaryKey(),
		/** Null: every organisation may call from it. */
		organizationId: integer().references(() => organizations.id, { onDelete: 'restrict' }),
		provider: text({ enum: ['twilio', 'exotel', 'bolna'] }).notNull(),
		/** E.164. */
		number: text().notNull(),
		/** Of the number: a call to this country shows it first. */
		country: text().notNull(),
		isActive: boolean().notNull().default(true),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('caller_ids_active_key')
			.on(table.provider, table.number, sql`coalesce(${table.organizationId}, 0)`)
			.where(sql`${table.isActive}`),
		index('caller_ids_pool').on(table.provider, table.organizationId),
		check('caller_ids_number_format', sql`${table.number} ~ '^\\+[1-9][0-9]{5,14}$'`)
	]
);
