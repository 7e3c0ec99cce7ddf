import { sql } from 'drizzle-orm';
import { check, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { moment } from './columns';
import { organizations } from './organizations';

/** Monthly usage reports, one per organisation and month. Sealed when written: never changed. */
export const usageReports = pgTable(
	'usage_reports',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		/** Of the organisation's zone, `2026-10`. */
		month: text().notNull(),
		/** The report as JSON text: what the hash is of, to the letter. */
		body: text().notNull(),
		/** SHA-256 of `body`, hexadecimal. */
		contentHash: text().notNull(),
		sealedAt: moment().notNull()
	},
	(table) => [
		uniqueIndex('usage_reports_month_key').on(table.organizationId, table.month),
		check('usage_reports_month_form', sql`${table.month} ~ '^[0-9]{4}-[0-9]{2}$'`)
	]
);
