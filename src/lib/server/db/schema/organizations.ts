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
import { createdAt, micros, moment } from './columns';

/** A tenant. Its credit lives in `organization_call_minutes` and `call_balance`. */
export const organizations = pgTable(
	'organizations',
	{
		id: integer().primaryKey().generatedAlwaysAsIdentity(),
		name: text().notNull(),
		slug: text().notNull(),
		timezone: text().notNull().default('UTC'),
		country: text().notNull().default('US'),
		billingMode: text({ enum: ['minutes', 'wallet', 'minutes_then_wallet'] })
			.notNull()
			.default('minutes_then_wallet'),
		defaultProvider: text({ enum: ['twilio', 'exotel', 'bolna'] })
			.notNull()
			.default('twilio'),
		/** Tried in this order when the default one is down or refuses, if nothing was placed. */
		providerFallbacks: jsonb().$type<('twilio' | 'exotel' | 'bolna')[]>().notNull().default([]),
		/** Minutes set aside before a call is dialled. */
		estimateMinutes: integer().notNull().default(3),
		/** What happens to live calls when the organisation is switched off. */
		deactivationPolicy: text({ enum: ['block_new', 'drain', 'cut_now'] })
			.notNull()
			.default('block_new'),
		/** How far calls may go into debt, when the agent agrees. */
		overdraftMinutes: integer().notNull().default(0),
		overdraftAmount: micros()
			.notNull()
			.default(sql`0`),
		/** Calls are recorded, one channel for each side. */
		recordsCalls: boolean().notNull().default(false),
		/** Recordings are deleted after this many days. */
		recordingRetentionDays: integer().notNull().default(90),
		/** Find out whether a person or a machine answered. */
		detectsMachines: boolean().notNull().default(false),
		/** When leads may be called by campaigns, by the clock on their wall: minutes after midnight. */
		callingFromMinute: integer().notNull().default(480),
		callingUntilMinute: integer().notNull().default(1260),
		/** Days of the week, 1 is Monday. */
		callingDays: jsonb().$type<number[]>().notNull().default([1, 2, 3, 4, 5, 6, 7]),
		/** Calls to one number within 24 hours. */
		callsPerNumberDay: integer().notNull().default(3),
		/** ISO countries that may be called besides its own. */
		allowedCountries: jsonb().$type<string[]>().notNull().default([]),
		/** Most that a minute of a call may cost the wallet. */
		priceCeiling: micros()
			.notNull()
			.default(sql`1`),
		/** Most that may be promised to calls in an hour; null: by the organisation's age. */
		hourlyCap: micros(),
		/** A super admin vouches for it: it need not grow into speed. */
		isTrusted: boolean().notNull().default(false),
		salesEmail: text(),
		salesPhone: text(),
		createdAt: createdAt(),
		archivedAt: moment()
	},
	(table) => [
		uniqueIndex('organizations_slug_key').on(table.slug),
		check('organizations_name_length', sql`length(${table.name}) between 1 and 120`),
		check('organizations_estimate_range', sql`${table.estimateMinutes} between 1 and 240`),
		check(
			'organizations_calling_hours',
			sql`${table.callingFromMinute} >= 0 and ${table.callingFromMinute} < ${table.callingUntilMinute} and ${table.callingUntilMinute} <= 1440 and ${table.callsPerNumberDay} between 1 and 20`
		),
		check('organizations_retention_range', sql`${table.recordingRetentionDays} between 1 and 3650`)
	]
);

/** Somebody without minutes asked for more. */
export const salesRequests = pgTable(
	'sales_requests',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		userId: uuid().notNull(),
		message: text(),
		createdAt: createdAt()
	},
	(table) => [index('sales_requests_recent').on(table.id.desc().nullsFirst())]
);
