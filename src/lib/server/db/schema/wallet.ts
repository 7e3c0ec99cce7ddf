import { sql } from 'drizzle-orm';
import {
	bigint,
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
import { createdAt, micros, moment } from './columns';
import { organizations } from './organizations';

/** The wallet of an organisation: state, changed only under the organisation's lock. */
export const callBalance = pgTable(
	'call_balance',
	{
		id: uuid().primaryKey().defaultRandom(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		balance: micros()
			.notNull()
			.default(sql`0`),
		/** Of the balance, set aside for live calls. */
		heldAmount: micros()
			.notNull()
			.default(sql`0`),
		/** Dollars talked that were not there; paid first by the next credit. */
		debtAmount: micros()
			.notNull()
			.default(sql`0`),
		/** Agreed debt promised to live calls. */
		overdraftHeldAmount: micros()
			.notNull()
			.default(sql`0`),
		autoRefillEnabled: boolean().notNull().default(false),
		autoRefillThreshold: micros()
			.notNull()
			.default(sql`10`),
		autoRefillAmount: micros()
			.notNull()
			.default(sql`50`),
		/** Most that auto-refill charges in a calendar month; null: no cap. */
		autoRefillMonthlyCap: micros(),
		lastRefillAt: moment(),
		/** A dispute switches new calls off. */
		freezesOnDispute: boolean().notNull().default(false),
		createdAt: createdAt(),
		updatedAt: createdAt()
	},
	(table) => [
		uniqueIndex('call_balance_organization_key').on(table.organizationId),
		check('call_balance_not_negative', sql`${table.balance} >= 0`),
		check(
			'call_balance_held_range',
			sql`${table.heldAmount} >= 0 and ${table.heldAmount} <= ${table.balance}`
		),
		check('call_balance_debt_positive', sql`${table.debtAmount} >= 0`),
		check('call_balance_refill_amount', sql`${table.autoRefillAmount} in (50, 100)`),
		check('call_balance_refill_threshold', sql`${table.autoRefillThreshold} between 1 and 1000`),
		check(
			'call_balance_refill_cap',
			sql`${table.autoRefillMonthlyCap} between ${table.autoRefillAmount} and 1000000`
		)
	]
);

/** Every movement of money, with the balance before and after. Append-only. */
export const balanceTransactions = pgTable(
	'balance_transactions',
	{
		id: uuid().primaryKey().defaultRandom(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		/** Order of booking: rises under the organisation's lock. */
		seq: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
		amount: micros().notNull(),
		type: text({ enum: ['credit', 'debit', 'refund'] }).notNull(),
		description: text().notNull(),
		balanceBefore: micros().notNull(),
		balanceAfter: micros().notNull(),
		callId: uuid(),
		stripePaymentIntentId: text(),
		metadata: jsonb().$type<Record<string, string>>().notNull().default({}),
		createdAt: createdAt()
	},
	(table) => [
		index('balance_transactions_recent').on(
			table.organizationId,
			table.createdAt.desc().nullsFirst(),
			table.id.desc().nullsFirst()
		),
		index('balance_transactions_order').on(table.organizationId, table.seq.desc().nullsFirst()),
		// Payments and refunds are few among many calls.
		index('balance_transactions_payments')
			.on(table.organizationId, table.seq.desc().nullsFirst())
			.where(sql`${table.callId} is null`),
		index('balance_transactions_call').on(table.callId),
		uniqueIndex('balance_transactions_debt_once')
			.on(table.callId, sql`(${table.metadata}->>'paid_by')`)
			.where(sql`${table.metadata}->>'kind' = 'debt'`),
		uniqueIndex('balance_transactions_payment_once')
			.on(table.stripePaymentIntentId)
			.where(sql`${table.stripePaymentIntentId} is not null`),
		check('balance_transactions_positive', sql`${table.amount} > 0`),
		check(
			'balance_transactions_adds_up',
			sql`${table.balanceAfter} = ${table.balanceBefore} + case when ${table.type} = 'debit' then -${table.amount} else ${table.amount} end`
		)
	]
);

/** What a minute costs from the wallet, by number prefix, from a day on. Append; a later row replaces. */
export const rates = pgTable(
	'rates',
	{
		id: uuid().primaryKey(),
		/** Digits of the number without its plus; empty: every number. */
		prefix: text().notNull(),
		description: text().notNull(),
		perMinute: micros().notNull(),
		initialSeconds: integer().notNull().default(60),
		incrementSeconds: integer().notNull().default(60),
		effectiveFrom: moment().notNull(),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('rates_prefix_from_key').on(table.prefix, table.effectiveFrom),
		check('rates_prefix_digits', sql`${table.prefix} ~ '^[0-9]{0,15}$'`),
		check('rates_price_range', sql`${table.perMinute} between 0 and 1000`),
		check('rates_seconds_range', sql`${table.initialSeconds} between 1 and 3600`),
		check('rates_increment_range', sql`${table.incrementSeconds} between 1 and 3600`)
	]
);

/** Minutes reported by integrations, once per call id of theirs. */
export const consumptions = pgTable(
	'consumptions',
	{
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		callId: text().notNull(),
		minutes: integer().notNull(),
		shortMinutes: integer().notNull(),
		createdAt: createdAt()
	},
	(table) => [
		primaryKey({ columns: [table.organizationId, table.callId] }),
		index('consumptions_recent').on(table.createdAt)
	]
);
