import { sql } from 'drizzle-orm';
import { date, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, micros, moment } from './columns';
import { deliveries } from './webhooks';

/** One comparison of a provider's bill of a day (UTC) with our calls. Made anew, it replaces its findings. */
export const providerBillChecks = pgTable(
	'provider_bill_checks',
	{
		id: uuid().primaryKey(),
		provider: text({ enum: ['twilio', 'exotel', 'bolna'] }).notNull(),
		day: date({ mode: 'string' }).notNull(),
		state: text({ enum: ['done', 'failed'] }).notNull(),
		/** Why it failed; what was found the time before stays. */
		note: text(),
		matches: integer().notNull().default(0),
		providerOnly: integer().notNull().default(0),
		oursOnly: integer().notNull().default(0),
		mismatches: integer().notNull().default(0),
		/** What the provider takes for the day, and what our wallets paid, in dollars. */
		providerCost: micros()
			.notNull()
			.default(sql`0`),
		charged: micros()
			.notNull()
			.default(sql`0`),
		chargedMinutes: integer().notNull().default(0),
		checkedAt: moment().notNull()
	},
	(table) => [uniqueIndex('provider_bill_checks_day_key').on(table.provider, table.day)]
);

/** One call of a bill check: on both sides, on one only, or on both and different. */
export const providerBillFindings = pgTable(
	'provider_bill_findings',
	{
		id: uuid().primaryKey().defaultRandom(),
		checkId: uuid()
			.notNull()
			.references(() => providerBillChecks.id, { onDelete: 'cascade' }),
		kind: text({ enum: ['match', 'provider_only', 'ours_only', 'mismatch'] }).notNull(),
		/** What differs, in a sentence. */
		note: text(),
		providerCallId: text(),
		organizationId: integer(),
		/** Same tenant: a two-column foreign key. */
		callId: uuid(),
		to: text().notNull(),
		startedAt: moment(),
		ourStatus: text(),
		providerStatus: text(),
		ourSeconds: integer(),
		providerSeconds: integer(),
		/** Of all legs of the call. */
		providerCost: micros(),
		currency: text(),
		/** What the wallet paid or owes, and the minutes that allocations paid. */
		charged: micros(),
		chargedMinutes: integer(),
		/** Charged minus cost; null where minutes paid, or where the currencies differ. */
		margin: micros()
	},
	(table) => [
		index('provider_bill_findings_check').on(table.checkId, table.kind, table.id),
		index('provider_bill_findings_call').on(table.callId)
	]
);

/**
 * Two deliveries that end one call differently. The first one was charged; the provider is asked, and
 * what it says is kept for a person to decide: nothing is charged again by itself.
 */
export const callEndConflicts = pgTable(
	'call_end_conflicts',
	{
		deliveryId: uuid()
			.primaryKey()
			.references(() => deliveries.id, { onDelete: 'restrict' }),
		organizationId: integer().notNull(),
		/** Same tenant: a two-column foreign key. */
		callId: uuid().notNull(),
		ourStatus: text().notNull(),
		ourSeconds: integer().notNull(),
		saidStatus: text().notNull(),
		saidSeconds: integer(),
		/** `confirmed`: the provider says what we charged. `contradicted`: it says something else. */
		state: text({ enum: ['open', 'confirmed', 'contradicted', 'unanswered'] })
			.notNull()
			.default('open'),
		providerStatus: text(),
		providerSeconds: integer(),
		attempts: integer().notNull().default(0),
		nextAttemptAt: moment(),
		resolvedAt: moment(),
		createdAt: moment().notNull()
	},
	(table) => [
		uniqueIndex('call_end_conflicts_said_key').on(
			table.callId,
			table.saidStatus,
			sql`coalesce(${table.saidSeconds}, -1)`
		),
		index('call_end_conflicts_due')
			.on(table.nextAttemptAt)
			.where(sql`${table.state} = 'open'`)
	]
);
