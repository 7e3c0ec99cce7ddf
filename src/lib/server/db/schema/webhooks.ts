import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { CallEvent } from '$lib/domain/call/event';
import { createdAt, moment } from './columns';

/** The webhook inbox: every verified delivery as received, claimed once by its dedupe key. */
export const deliveries = pgTable(
	'deliveries',
	{
		id: uuid().primaryKey(),
		provider: text({ enum: ['twilio', 'exotel', 'bolna', 'stripe'] }).notNull(),
		dedupeKey: text().notNull(),
		providerCallId: text(),
		state: text({ enum: ['waiting', 'applied', 'ignored', 'unmatched', 'failed'] }).notNull(),
		/** Why it was ignored or failed, in a sentence. */
		note: text(),
		organizationId: integer(),
		callId: uuid(),
		body: jsonb().$type<Record<string, unknown>>().notNull(),
		event: jsonb().$type<CallEvent>(),
		/** How often the same delivery came again. */
		repeats: integer().notNull().default(0),
		/** Of one that waits: how often applying it failed, and when it is tried again. */
		attempts: integer().notNull().default(0),
		retryAt: moment(),
		receivedAt: moment().notNull(),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('deliveries_dedupe_key').on(table.provider, table.dedupeKey),
		index('deliveries_unmatched')
			.on(table.provider, table.providerCallId)
			.where(sql`${table.state} = 'unmatched'`),
		index('deliveries_waiting')
			.on(table.provider, table.retryAt)
			.where(sql`${table.state} = 'waiting'`),
		index('deliveries_call').on(table.callId)
	]
);
