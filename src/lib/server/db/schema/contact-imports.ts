import { sql } from 'drizzle-orm';
import {
	bigint,
	boolean,
	customType,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import type { JsonObject } from '$lib/domain/json';
import { createdAt, moment } from './columns';
import { organizations } from './organizations';

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({
	dataType: () => 'bytea'
});

const tenant = () =>
	integer()
		.notNull()
		.references(() => organizations.id, { onDelete: 'restrict' });

/** A file of contacts: uploaded, read, brought in by the worker, and taken out again when that is wanted. */
export const contactImports = pgTable(
	'contact_imports',
	{
		id: uuid().primaryKey(),
		organizationId: tenant(),
		userId: uuid().notNull(),
		fileName: text().notNull(),
		byteSize: integer().notNull(),
		state: text({
			enum: ['uploading', 'ready', 'running', 'done', 'undoing', 'undone', 'failed']
		})
			.notNull()
			.default('uploading'),
		/** How the file is written, as it was found. */
		encoding: text(),
		delimiter: text(),
		hasHeader: boolean().notNull().default(true),
		/** The first lines, cell by cell. */
		headRows: jsonb().$type<string[][]>(),
		/** What each column holds; null: nothing that is wanted. */
		mapping: jsonb().$type<(string | null)[]>(),
		/** ISO country of numbers without a country code. */
		defaultCountry: text(),
		/** What happens to a contact that is there already. */
		duplicates: text({ enum: ['skip', 'fill', 'overwrite'] })
			.notNull()
			.default('skip'),
		/** Same tenant: a two-column foreign key. The list the contacts are put on. */
		leadListId: uuid(),
		/** The list was made by this import. */
		madeList: boolean().notNull().default(false),
		totalRows: integer(),
		doneRows: integer().notNull().default(0),
		createdRows: integer().notNull().default(0),
		updatedRows: integer().notNull().default(0),
		skippedRows: integer().notNull().default(0),
		refusedRows: integer().notNull().default(0),
		/** Taken out again by the undo, and left because they were used since. */
		undoneRows: integer().notNull().default(0),
		keptRows: integer().notNull().default(0),
		/** Why it failed, in a sentence. */
		problem: text(),
		/** Until when the worker that has it is taken to be alive. */
		leaseUntil: moment(),
		createdAt: createdAt(),
		startedAt: moment(),
		finishedAt: moment(),
		undoneAt: moment()
	},
	(table) => [
		uniqueIndex('contact_imports_tenant_key').on(table.organizationId, table.id),
		index('contact_imports_recent').on(table.organizationId, table.createdAt.desc().nullsFirst()),
		index('contact_imports_open').on(table.state, table.leaseUntil)
	]
);

/** The file, in pieces, until it is worked. */
export const contactImportChunks = pgTable(
	'contact_import_chunks',
	{
		organizationId: tenant(),
		importId: uuid().notNull(),
		seq: integer().notNull(),
		bytes: bytea().notNull()
	},
	(table) => [primaryKey({ columns: [table.importId, table.seq] })]
);

/** Rows of a file that made no new contact: what became of each, and how it was before. */
export const contactImportRows = pgTable(
	'contact_import_rows',
	{
		organizationId: tenant(),
		importId: uuid().notNull(),
		/** From 1, the header not counted. */
		row: integer().notNull(),
		/** In the file, from 1. */
		line: integer().notNull(),
		outcome: text({ enum: ['updated', 'skipped', 'refused'] }).notNull(),
		/** Why, in a sentence. */
		reason: text(),
		contactId: uuid(),
		/** The values that were changed, as they were and as they became. */
		before: jsonb().$type<JsonObject>(),
		after: jsonb().$type<JsonObject>(),
		/** The row put this contact on the list. */
		listed: boolean().notNull().default(false),
		/** As the file has it; of refused rows only. */
		cells: jsonb().$type<string[]>()
	},
	(table) => [
		primaryKey({ columns: [table.importId, table.row] }),
		index('contact_import_rows_contact')
			.on(table.contactId)
			.where(sql`${table.contactId} is not null`)
	]
);

/** Two contacts that became one, with what it takes to part them. */
export const contactMerges = pgTable(
	'contact_merges',
	{
		id: uuid().primaryKey(),
		organizationId: tenant(),
		keptId: uuid().notNull(),
		mergedId: uuid().notNull(),
		/** The values of the kept one that were changed, as they were and as they became. */
		before: jsonb().$type<JsonObject>().notNull(),
		after: jsonb().$type<JsonObject>().notNull(),
		/** Lists the kept one was put on. */
		listIds: jsonb().$type<string[]>().notNull(),
		userId: uuid().notNull(),
		createdAt: createdAt(),
		undoneAt: moment(),
		/** Rises with each: the last one is parted first. */
		seq: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity()
	},
	(table) => [
		index('contact_merges_kept').on(table.organizationId, table.keptId, table.seq),
		index('contact_merges_merged').on(table.organizationId, table.mergedId)
	]
);
