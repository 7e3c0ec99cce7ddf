import { sql } from 'drizzle-orm';
import {
	bigint,
	check,
	date,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	text,
	uuid
} from 'drizzle-orm/pg-core';
import { micros, moment } from './columns';
import { organizations } from './organizations';

/**
 * Ended calls that the breakdowns do not count yet. The lane enters a call in the transaction that ends
 * it; the counting job takes it out in the transaction that counts it. So breakdowns and queue together
 * are exact at every moment, and a call is counted once.
 */
export const callStatsQueue = pgTable(
	'call_stats_queue',
	{
		callId: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' })
	},
	(table) => [index('call_stats_queue_organization').on(table.organizationId)]
);

export const BREAKDOWNS = ['country', 'agent', 'provider', 'end_reason', 'hour'] as const;
export type Breakdown = (typeof BREAKDOWNS)[number];

/**
 * Ended calls by local day and one property: counters as columns. `key` is the country, the agent's id,
 * the provider, the end reason (`completed` where there is none) or the local hour of placing, `00`–`23`.
 * The talk buckets count answered calls by length: their bounds are `TALK_BUCKET_BOUNDS`.
 */
export const callStatsBreakdowns = pgTable(
	'call_stats_breakdowns',
	{
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		dimension: text({ enum: BREAKDOWNS }).notNull(),
		day: date({ mode: 'string' }).notNull(),
		key: text().notNull(),
		calls: integer().notNull(),
		completed: integer().notNull(),
		failed: integer().notNull(),
		cancelled: integer().notNull(),
		answered: integer().notNull(),
		talkSeconds: bigint({ mode: 'number' }).notNull(),
		talkSecondsMax: integer().notNull(),
		billedMinutes: bigint({ mode: 'number' }).notNull(),
		/** Dollars the wallet had to pay. */
		cost: micros().notNull(),
		/** Cheapest and dearest completed call; null where none completed. */
		costMin: micros(),
		costMax: micros(),
		/** Answered calls by length of talk. */
		talkBuckets: integer().array().notNull()
	},
	(table) => [
		primaryKey({ columns: [table.organizationId, table.dimension, table.day, table.key] }),
		check(
			'call_stats_breakdowns_adds_up',
			sql`${table.calls} = ${table.completed} + ${table.failed} + ${table.cancelled}`
		)
	]
);

/** The numbers called most in a period, as counted at a moment: too dear to count for every reader. */
export const callTopNumbers = pgTable(
	'call_top_numbers',
	{
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		days: integer().notNull(),
		countedAt: moment().notNull(),
		numbers: jsonb()
			.$type<{ number: string; count: number; cost: string; country: string }[]>()
			.notNull()
	},
	(table) => [primaryKey({ columns: [table.organizationId, table.days] })]
);
