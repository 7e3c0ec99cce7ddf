import { sql } from 'drizzle-orm';
import {
	bigint,
	boolean,
	check,
	date,
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
import { users } from './users';

export const calls = pgTable(
	'calls',
	{
		/** UUID v7: sorts by the moment of placing. */
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		userId: uuid().references(() => users.id, { onDelete: 'restrict' }),
		/** Same tenant: a two-column foreign key in 0001_rules.sql. */
		contactId: uuid(),
		/** Same tenant: a two-column foreign key. */
		campaignId: uuid(),
		provider: text({ enum: ['twilio', 'exotel', 'bolna'] }).notNull(),
		/** The leg to the lead: the one that is billed. */
		providerCallId: text(),
		/** What the agent talks with. */
		device: text({ enum: ['phone', 'browser'] })
			.notNull()
			.default('phone'),
		/** A browser call's own leg; nothing it says moves money. */
		parentCallId: text(),
		/** What is known of our create request to the provider. */
		submitState: text({ enum: ['submitting', 'accepted', 'refused', 'unknown'] }).notNull(),
		idempotencyKey: text(),
		direction: text({ enum: ['outbound', 'inbound'] })
			.notNull()
			.default('outbound'),
		from: text().notNull(),
		to: text().notNull(),
		country: text().notNull(),
		/** Day of placing in the organisation's zone: where the call is counted. */
		localDay: date({ mode: 'string' }).notNull(),
		status: text({
			enum: ['initiated', 'ringing', 'in_progress', 'completed', 'failed', 'cancelled']
		}).notNull(),
		endReason: text(),
		initiatedAt: moment().notNull(),
		ringingAt: moment(),
		answeredAt: moment(),
		/** True while `answered_at` is reckoned back from the end instead of heard from the provider. */
		answeredEstimated: boolean().notNull().default(false),
		endedAt: moment(),
		/** Seconds of talk the provider reported. */
		duration: integer(),
		billedMinutes: integer(),
		/** What a minute costs from the wallet, as agreed when the call was placed. */
		ratePrefix: text().notNull().default(''),
		ratePerMinute: micros()
			.notNull()
			.default(sql`0.1`),
		rateInitialSeconds: integer().notNull().default(60),
		rateIncrementSeconds: integer().notNull().default(60),
		/** Seconds of talk that minutes did not pay, and what they cost the wallet. */
		walletSeconds: integer(),
		cost: micros(),
		/** Seconds after which the provider ends the call by itself. */
		timeLimitSeconds: integer().notNull(),
		/** What the provider charges us, in its own currency; of two prices the later one counts. */
		providerCost: micros(),
		providerCostCurrency: text(),
		providerCostAt: moment(),
		costState: text({ enum: ['none', 'pending', 'known', 'unavailable'] })
			.notNull()
			.default('none'),
		/** When the provider is asked for its price. */
		costCheckAt: moment(),
		costAttempts: integer().notNull().default(0),
		answeredBy: text({ enum: ['human', 'machine', 'fax', 'unknown'] }),
		/** Number of the last live event that told of this call. */
		liveSeq: bigint({ mode: 'number' }).notNull().default(0)
	},
	(table) => [
		uniqueIndex('calls_provider_call_key')
			.on(table.provider, table.providerCallId)
			.where(sql`${table.providerCallId} is not null`),
		uniqueIndex('calls_parent_call_key')
			.on(table.provider, table.parentCallId)
			.where(sql`${table.parentCallId} is not null`),
		uniqueIndex('calls_idempotency_key')
			.on(table.organizationId, table.idempotencyKey)
			.where(sql`${table.idempotencyKey} is not null`),
		uniqueIndex('calls_one_live_per_number')
			.on(table.organizationId, table.to)
			.where(sql`${table.status} in ('initiated', 'ringing', 'in_progress')`),
		// An organisation's newest are read backwards from `calls_tenant_key` (0001_rules.sql).
		index('calls_number').on(table.organizationId, table.to, table.id.desc().nullsFirst()),
		// Who called a number from the browser last, when it calls back. Other calls pay nothing for it.
		index('calls_browser_number')
			.on(table.to, table.id.desc().nullsFirst())
			.where(sql`${table.device} = 'browser'`),
		index('calls_organization_day').on(table.organizationId, table.localDay),
		index('calls_cost_pending')
			.on(table.costCheckAt)
			.where(sql`${table.costState} = 'pending'`),
		index('calls_provider_day').on(table.provider, table.initiatedAt),
		index('calls_contact').on(table.contactId, table.id.desc().nullsFirst()),
		check(
			'calls_ended_exactly_when_terminal',
			sql`(${table.endedAt} is not null) = (${table.status} in ('completed', 'failed', 'cancelled'))`
		),
		check(
			'calls_cost_known_when_there',
			sql`(${table.costState} = 'known') = (${table.providerCost} is not null)`
		),
		check('calls_duration_range', sql`${table.duration} between 0 and 86400`),
		check(
			'calls_billed_covers_talk',
			sql`${table.billedMinutes} is null or ${table.billedMinutes} * 60 >= coalesce(${table.duration}, 0) or ${table.status} <> 'completed'`
		)
	]
);

/** What happened to a call, as heard. Append-only. */
export const callStatusEvents = pgTable(
	'call_status_events',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		callId: uuid()
			.notNull()
			.references(() => calls.id, { onDelete: 'restrict' }),
		deliveryId: uuid(),
		source: text({ enum: ['placed', 'provider', 'sweep'] }).notNull(),
		status: text().notNull(),
		rawStatus: text().notNull(),
		/** What it did: moved the call on, only filled in a time, or nothing. */
		effect: text({ enum: ['advanced', 'filled', 'none'] }).notNull(),
		occurredAt: moment().notNull(),
		receivedAt: moment().notNull()
	},
	(table) => [index('call_status_events_call').on(table.callId, table.id)]
);

/** A refusal to dial: why, with the numbers of that moment, and the way out. Append-only. */
export const blocks = pgTable(
	'blocks',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		userId: uuid().references(() => users.id, { onDelete: 'restrict' }),
		to: text().notNull(),
		code: text().notNull(),
		message: text().notNull(),
		/** What to do. */
		wayOut: text().notNull().default(''),
		numbers: jsonb().$type<Record<string, number>>().notNull(),
		createdAt: createdAt()
	},
	(table) => [
		index('blocks_organization').on(table.organizationId, table.id.desc().nullsFirst()),
		index('blocks_user').on(table.userId, table.id.desc().nullsFirst())
	]
);

/** Daily rollup in the organisation's zone: one row per organisation, local day and country. */
export const callStatsDaily = pgTable(
	'call_stats_daily',
	{
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		day: date({ mode: 'string' }).notNull(),
		country: text().notNull(),
		total: integer().notNull(),
		completed: integer().notNull(),
		failed: integer().notNull(),
		cancelled: integer().notNull(),
		talkSeconds: bigint({ mode: 'number' }).notNull(),
		billedMinutes: bigint({ mode: 'number' }).notNull()
	},
	(table) => [primaryKey({ columns: [table.organizationId, table.day, table.country] })]
);
