import { sql } from 'drizzle-orm';
import {
	bigint,
	boolean,
	check,
	index,
	integer,
	jsonb,
	pgTable,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import type { HoldPart } from '$lib/domain/credit/types';
import { NO_LEVELS, TRIP_REASONS, type GuardLevels } from '$lib/domain/fraud/guard';
import { createdAt, micros, moment } from './columns';
import { organizations } from './organizations';
import { users } from './users';

/**
 * The credit row of an organisation: one per tenant, locked first by every lane batch, in order of
 * organisation id. `live_seq` is the number of the last live event, taken under that lock.
 * total = allocated - expired - revoked; total - used = what the lots still hold.
 */
export const organizationCallMinutes = pgTable(
	'organization_call_minutes',
	{
		organizationId: integer()
			.primaryKey()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		totalMinutes: integer().notNull().default(0),
		usedMinutes: integer().notNull().default(0),
		heldMinutes: integer().notNull().default(0),
		/** Minutes talked that no credit was there for; paid first by the next credit. */
		debtMinutes: integer().notNull().default(0),
		/** Agreed debt promised to live calls. */
		overdraftHeldMinutes: integer().notNull().default(0),
		isActive: boolean().notNull().default(true),
		liveCalls: integer().notNull().default(0),
		liveSeq: bigint({ mode: 'number' }).notNull().default(0),
		/** What the toll-fraud guard counted lately, and since when it lets nothing through. */
		guardLevels: jsonb().$type<GuardLevels>().notNull().default(NO_LEVELS),
		guardTrippedAt: moment(),
		guardReason: text({ enum: TRIP_REASONS }),
		updatedAt: createdAt()
	},
	(table) => [
		check('call_minutes_used_range', sql`${table.usedMinutes} between 0 and ${table.totalMinutes}`),
		check(
			'call_minutes_held_range',
			sql`${table.heldMinutes} >= 0 and ${table.heldMinutes} <= ${table.totalMinutes} - ${table.usedMinutes}`
		),
		check('call_minutes_debt_positive', sql`${table.debtMinutes} >= 0`),
		check(
			'call_minutes_guard_reason',
			sql`(${table.guardTrippedAt} is null) = (${table.guardReason} is null)`
		),
		check('call_minutes_live_calls_positive', sql`${table.liveCalls} >= 0`)
	]
);

/** The lots: one grant of minutes each. State, changed only under the organisation's lock. */
export const minuteAllocations = pgTable(
	'minute_allocations',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		minutes: integer().notNull(),
		remainingMinutes: integer().notNull(),
		heldMinutes: integer().notNull().default(0),
		/** Lower burns first. */
		priority: integer().notNull().default(100),
		reason: text().notNull(),
		expiresAt: moment(),
		allocatedBy: uuid().references(() => users.id, { onDelete: 'restrict' }),
		createdAt: moment().notNull()
	},
	(table) => [
		index('minute_allocations_spendable')
			.on(table.organizationId)
			.where(sql`${table.remainingMinutes} > 0`),
		uniqueIndex('minute_allocations_tenant_key').on(table.organizationId, table.id),
		check('minute_allocations_minutes', sql`${table.minutes} between 1 and 10000000`),
		check(
			'minute_allocations_remaining',
			sql`${table.remainingMinutes} between 0 and ${table.minutes}`
		),
		check(
			'minute_allocations_held',
			sql`${table.heldMinutes} between 0 and ${table.remainingMinutes}`
		)
	]
);

/** Facts about allocations. Append-only. */
export const callMinutesAllocationHistory = pgTable(
	'call_minutes_allocation_history',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		/** Same tenant: a two-column foreign key in 0001_rules.sql. */
		allocationId: uuid(),
		kind: text({ enum: ['allocate', 'set', 'revoke', 'expire', 'adjust'] }).notNull(),
		minutes: integer().notNull(),
		reason: text().notNull(),
		expiresAt: moment(),
		allocatedBy: uuid().references(() => users.id, { onDelete: 'restrict' }),
		allocatedAt: moment().notNull()
	},
	(table) => [
		index('allocation_history_organization').on(table.organizationId, table.id.desc().nullsFirst())
	]
);

/**
 * Who paid which minutes of a call: one row per call and allocation. `call_id` is text, because
 * `/call-minutes/consume` takes any string; `is_external` tells those from the ids of our own calls,
 * whatever they look like. `settles_debt` marks minutes paid later by a new
 * allocation for a call that overran. Append-only.
 */
export const callMinutesUsageLog = pgTable(
	'call_minutes_usage_log',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		callId: text().notNull(),
		/** Same tenant: a two-column foreign key in 0001_rules.sql. */
		allocationId: uuid().notNull(),
		minutesConsumed: integer().notNull(),
		isExternal: boolean().notNull().default(false),
		settlesDebt: boolean().notNull().default(false),
		callStartTime: moment().notNull(),
		callEndTime: moment().notNull(),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('usage_log_once').on(
			table.organizationId,
			table.callId,
			table.allocationId,
			table.isExternal,
			table.settlesDebt
		),
		index('usage_log_organization').on(table.organizationId, table.id.desc().nullsFirst()),
		check('usage_log_minutes', sql`${table.minutesConsumed} > 0`)
	]
);

/** Credit set aside for a live call. At most one open hold per call. */
export const creditHolds = pgTable(
	'credit_holds',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		callId: uuid().notNull(),
		state: text({ enum: ['open', 'settled', 'released'] }).notNull(),
		heldMinutes: integer().notNull(),
		/** Which allocation lends how many minutes, in burn order. */
		parts: jsonb().$type<HoldPart[]>().notNull(),
		walletAmount: micros()
			.notNull()
			.default(sql`0`),
		walletSeconds: integer().notNull().default(0),
		/** Agreed debt lent in minutes, in dollars, and how long both last. */
		overdraftMinutes: integer().notNull().default(0),
		overdraftAmount: micros()
			.notNull()
			.default(sql`0`),
		overdraftSeconds: integer().notNull().default(0),
		isOverdraftAgreed: boolean().notNull().default(false),
		isDraining: boolean().notNull().default(false),
		/** What kept the call from more credit; kept when it has ended. */
		drainCause: text({ enum: ['credit', 'budget', 'switched_off'] }),
		expiresAt: moment().notNull(),
		/** When the provider last confirmed the call, by an event or when asked. */
		heardAt: moment().notNull().defaultNow(),
		/** Seconds after it was made when its provider began to say that it has no such call. */
		deniedAfter: integer(),
		/** When the sweeper next asks the provider about this call. */
		checkAt: moment().notNull(),
		/** When the meter next looks at the slice; null until the call is answered. */
		meterAt: moment(),
		createdAt: moment().notNull(),
		closedAt: moment()
	},
	(table) => [
		uniqueIndex('credit_holds_one_open')
			.on(table.callId)
			.where(sql`${table.state} = 'open'`),
		index('credit_holds_check')
			.on(table.checkAt)
			.where(sql`${table.state} = 'open'`),
		index('credit_holds_meter')
			.on(table.meterAt)
			.where(sql`${table.state} = 'open'`),
		index('credit_holds_organization_open')
			.on(table.organizationId)
			.where(sql`${table.state} = 'open'`),
		check('credit_holds_minutes', sql`${table.heldMinutes} >= 0`)
	]
);

/**
 * Talk that was not paid: shown, and paid first by the next credit. What is owed in dollars is worth so many
 * minutes, and a minute owed so many dollars, so that either credit pays it; `converted_` counts minutes
 * that paid dollars less minutes that dollars paid, and those dollars.
 */
export const debts = pgTable(
	'debts',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		/** Null where a payment that went back caused it. */
		callId: uuid(),
		paymentId: uuid(),
		minutes: integer().notNull(),
		remainingMinutes: integer().notNull(),
		amount: micros()
			.notNull()
			.default(sql`0`),
		remainingAmount: micros()
			.notNull()
			.default(sql`0`),
		worthMinutes: integer().notNull().default(0),
		perMinute: micros()
			.notNull()
			.default(sql`0`),
		convertedMinutes: integer().notNull().default(0),
		convertedAmount: micros()
			.notNull()
			.default(sql`0`),
		callStartTime: moment().notNull(),
		callEndTime: moment().notNull(),
		createdAt: moment().notNull()
	},
	(table) => [
		uniqueIndex('debts_call_key').on(table.callId),
		index('debts_open')
			.on(table.organizationId)
			.where(sql`${table.remainingMinutes} > 0 or ${table.remainingAmount} > 0`),
		index('debts_payment').on(table.paymentId),
		check('debts_cause', sql`(${table.callId} is null) <> (${table.paymentId} is null)`),
		check('debts_remaining_amount', sql`${table.remainingAmount} between 0 and ${table.amount}`),
		check('debts_remaining', sql`${table.remainingMinutes} between 0 and ${table.minutes}`)
	]
);
