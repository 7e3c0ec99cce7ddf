import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { CallEvent } from '$lib/domain/call/event';
import type { JsonObject } from '$lib/domain/json';
import { createdAt, moment } from './columns';

/** The webhook inbox: every verified delivery as received, claimed once by its dedupe key. */
export const deliveries = pgTable(
	'deliveries',
	{
		id: uuid().primaryKey(),
		provider: text({ enum: ['twilio', 'exotel', 'bolna', 'stripe'] }).notNull(),
		dedupeKey: text().notNull(),
		providerCallId: text(),
		/** `received`, or `waiting` of Stripe: stored, and to be applied later. A repeat is counted, it has no row. */
		state: text({
			enum: ['received', 'waiting', 'applied', 'ignored', 'unmatched', 'failed']
		}).notNull(),
		/** Why it was ignored or failed, in a sentence. */
		note: text(),
		organizationId: integer(),
		callId: uuid(),
		/** As received, secrets taken out; emptied when it was kept long enough. */
		body: jsonb().$type<JsonObject>().notNull(),
		event: jsonb().$type<CallEvent>(),
		/** How often the same delivery came again. */
		repeats: integer().notNull().default(0),
		/** Tries to apply it, and when the worker makes the next one. */
		attempts: integer().notNull().default(1),
		nextAttemptAt: moment(),
		/** The same of a Stripe event that waits. */
		retryAt: moment(),
		bodyRemovedAt: moment(),
		receivedAt: moment().notNull(),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('deliveries_dedupe_key').on(table.provider, table.dedupeKey),
		index('deliveries_unmatched')
			.on(table.provider, table.providerCallId)
			.where(sql`${table.state} = 'unmatched'`),
		index('deliveries_not_applied')
			.on(table.receivedAt)
			.where(sql`${table.state} in ('failed', 'unmatched')`),
		index('deliveries_due')
			.on(table.nextAttemptAt)
			.where(sql`${table.nextAttemptAt} is not null`),
		index('deliveries_with_body')
			.on(table.receivedAt)
			.where(sql`${table.bodyRemovedAt} is null and ${table.state} in ('applied', 'ignored')`),
		index('deliveries_waiting')
			.on(table.provider, table.retryAt)
			.where(sql`${table.state} = 'waiting'`),
		index('deliveries_call').on(table.callId)
	]
);
