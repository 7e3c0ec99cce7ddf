import { sql } from 'drizzle-orm';
import {
	bigint,
	check,
	index,
	integer,
	pgTable,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns';

/** The recordings of calls: one row for each a provider told of. The files lie in the storage. */
export const recordings = pgTable(
	'recordings',
	{
		id: uuid().primaryKey().defaultRandom(),
		organizationId: integer().notNull(),
		/** Same tenant: a two-column foreign key. */
		callId: uuid().notNull(),
		provider: text({ enum: ['twilio', 'exotel', 'bolna'] }).notNull(),
		/** The provider's id of it, or its address where it has no id. */
		key: text().notNull(),
		sourceUrl: text().notNull(),
		state: text({ enum: ['pending', 'stored', 'absent', 'failed', 'deleted'] }).notNull(),
		seconds: integer(),
		channels: integer(),
		contentType: text(),
		bytes: bigint({ mode: 'number' }),
		storageKey: text(),
		/** Tries to fetch it, and when the next one is due. */
		attempts: integer().notNull().default(0),
		nextAttemptAt: moment(),
		storedAt: moment(),
		deleteAfter: moment(),
		/** Why it could not be fetched, in a sentence. */
		note: text(),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('recordings_call_key').on(table.callId, table.key),
		index('recordings_due')
			.on(table.nextAttemptAt)
			.where(sql`${table.state} = 'pending'`),
		index('recordings_delete_after')
			.on(table.deleteAfter)
			.where(sql`${table.state} = 'stored'`),
		check(
			'recordings_stored_has_file',
			sql`${table.state} <> 'stored' or ${table.storageKey} is not null`
		)
	]
);

/** What was said in a call, and what it was about, as the provider wrote it down. */
export const callTranscripts = pgTable('call_transcripts', {
	callId: uuid().primaryKey(),
	organizationId: integer().notNull(),
	transcript: text(),
	summary: text(),
	/** When each was heard: of two the later one counts. */
	transcriptAt: moment(),
	summaryAt: moment(),
	createdAt: createdAt()
});
