import { sql } from 'drizzle-orm';
import {
	boolean,
	check,
	date,
	integer,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { BUDGET_PERIODS, BUDGET_SCOPES } from '$lib/domain/credit/budgets';
import { moment } from './columns';
import { organizations } from './organizations';
import { users } from './users';

/** How many minutes a person or a campaign may be billed for. Same tenant: two-column foreign keys. */
export const budgets = pgTable(
	'budgets',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		scope: text({ enum: BUDGET_SCOPES }).notNull(),
		userId: uuid(),
		campaignId: uuid(),
		period: text({ enum: BUDGET_PERIODS }).notNull(),
		limitMinutes: integer().notNull(),
		isActive: boolean().notNull().default(true),
		createdBy: uuid().references(() => users.id, { onDelete: 'restrict' }),
		createdAt: moment().notNull()
	},
	(table) => [
		uniqueIndex('budgets_tenant_key').on(table.organizationId, table.id),
		uniqueIndex('budgets_one_per_subject')
			.on(table.organizationId, sql`(coalesce(${table.userId}, ${table.campaignId}))`, table.period)
			.where(sql`${table.isActive}`),
		check('budgets_limit_range', sql`${table.limitMinutes} between 1 and 1000000`),
		check(
			'budgets_one_subject',
			sql`(${table.scope} = 'user') = (${table.userId} is not null) and (${table.scope} = 'campaign') = (${table.campaignId} is not null)`
		)
	]
);

/** What one period of a budget has seen: state, changed only under the organisation's lock. */
export const budgetPeriods = pgTable(
	'budget_periods',
	{
		organizationId: integer().notNull(),
		budgetId: uuid().notNull(),
		/** First day of the period in the organisation's zone. */
		periodStart: date({ mode: 'string' }).notNull(),
		usedMinutes: integer().notNull(),
		heldMinutes: integer().notNull()
	},
	(table) => [
		primaryKey({ columns: [table.budgetId, table.periodStart] }),
		check('budget_periods_used', sql`${table.usedMinutes} >= 0`),
		check('budget_periods_held', sql`${table.heldMinutes} >= 0`)
	]
);
