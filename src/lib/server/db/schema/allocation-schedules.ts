import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns';
import { organizations } from './organizations';
import { users } from './users';

/** Minutes to be granted later, once or every month. A run that was due is never left out or done twice. */
export const allocationSchedules = pgTable(
	'allocation_schedules',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		minutes: integer().notNull(),
		reason: text().notNull(),
		priority: integer().notNull().default(100),
		/** Days after its run in which a grant expires; null: never. */
		expiresAfterDays: integer(),
		kind: text({ enum: ['once', 'monthly'] }).notNull(),
		/** Of a monthly one; a month that is shorter runs on its last day. */
		dayOfMonth: integer(),
		nextRunAt: moment().notNull(),
		lastRunAt: moment(),
		/** False when it was cancelled, or ran and was for once. */
		isActive: boolean().notNull().default(true),
		createdBy: uuid().references(() => users.id, { onDelete: 'restrict' }),
		createdAt: createdAt()
	},
	(table) => [
		index('allocation_schedules_due')
			.on(table.nextRunAt)
			.where(sql`${table.isActive}`),
		index('allocation_schedules_organization').on(table.organizationId),
		check('allocation_schedules_minutes', sql`${table.minutes} between 1 and 1000000`),
		check('allocation_schedules_expiry', sql`${table.expiresAfterDays} between 1 and 3650`),
		check(
			'allocation_schedules_day',
			sql`(${table.kind} = 'monthly') = (${table.dayOfMonth} is not null) and ${table.dayOfMonth} between 1 and 31`
		)
	]
);
