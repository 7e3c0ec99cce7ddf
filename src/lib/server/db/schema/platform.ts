import { sql } from 'drizzle-orm';
import { boolean, check, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt } from './columns';

/** What a super admin sets for the whole platform: at most one row. Null: as the environment says. */
export const platformSettings = pgTable(
	'platform_settings',
	{
		isOnly: boolean().primaryKey().default(true),
		salesEmail: text(),
		salesPhone: text(),
		updatedAt: createdAt()
	},
	(table) => [check('platform_settings_one_row', sql`${table.isOnly}`)]
);
