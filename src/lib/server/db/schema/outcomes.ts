import { sql } from 'drizzle-orm';
import {
	boolean,
	check,
	index,
	integer,
	pgTable,
	smallint,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import type { DispositionKind } from '$lib/domain/outcomes/dispositions';
import { createdAt, moment } from './columns';
import { organizations } from './organizations';

const tenant = () =>
	integer()
		.notNull()
		.references(() => organizations.id, { onDelete: 'restrict' });

/** What agents of an organisation may say became of a call. Those no longer offered stay, for old calls. */
export const dispositions = pgTable(
	'dispositions',
	{
		id: uuid()
			.primaryKey()
			.default(sql`gen_random_uuid()`),
		organizationId: tenant(),
		kind: text().$type<DispositionKind>().notNull(),
		label: text().notNull(),
		/** From 1: also the key that chooses it. */
		position: smallint().notNull(),
		isActive: boolean().notNull().default(true),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('dispositions_tenant_key').on(table.organizationId, table.id),
		uniqueIndex('dispositions_label_key')
			.on(table.organizationId, sql`lower(${table.label})`)
			.where(sql`${table.isActive}`),
		check('dispositions_label_length', sql`length(${table.label}) between 1 and 40`)
	]
);

/** What became of a call, as the agent said last. */
export const callOutcomes = pgTable(
	'call_outcomes',
	{
		callId: uuid().primaryKey(),
		organizationId: tenant(),
		contactId: uuid(),
		dispositionId: uuid().notNull(),
		userId: uuid().notNull(),
		/** It was this outcome that marked the contact: taken back, the mark goes too. */
		markedDoNotCall: boolean().notNull().default(false),
		createdAt: createdAt(),
		updatedAt: createdAt()
	},
	(table) => [
		index('call_outcomes_contact').on(
			table.organizationId,
			table.contactId,
			table.callId.desc().nullsFirst()
		),
		index('call_outcomes_recent').on(table.organizationId, table.callId.desc().nullsFirst())
	]
);

/** What somebody wrote down about a call or a contact. */
export const notes = pgTable(
	'notes',
	{
		id: uuid().primaryKey(),
		organizationId: tenant(),
		callId: uuid(),
		contactId: uuid(),
		userId: uuid().notNull(),
		text: text().notNull(),
		createdAt: createdAt(),
		updatedAt: createdAt()
	},
	(table) => [
		index('notes_call').on(table.organizationId, table.callId, table.id),
		index('notes_contact').on(table.organizationId, table.contactId, table.id.desc().nullsFirst()),
		check('notes_about_something', sql`num_nonnulls(${table.callId}, ${table.contactId}) > 0`),
		check('notes_text_length', sql`length(${table.text}) between 1 and 4000`)
	]
);

/** A call that was promised. At most one is open for each call it was promised in. */
export const callBackTasks = pgTable(
	'call_back_tasks',
	{
		id: uuid().primaryKey(),
		organizationId: tenant(),
		/** Who promised it. */
		userId: uuid().notNull(),
		contactId: uuid(),
		/** E.164. */
		to: text().notNull(),
		/** The call in which it was promised. */
		callId: uuid(),
		dueAt: moment().notNull(),
		/** IANA zone of the lead in which the time was said. */
		timezone: text().notNull(),
		note: text(),
		state: text({ enum: ['open', 'done', 'cancelled'] })
			.notNull()
			.default('open'),
		/** The call that kept the promise. */
		doneByCallId: uuid(),
		createdAt: createdAt(),
		updatedAt: createdAt()
	},
	(table) => [
		uniqueIndex('call_back_tasks_call_key').on(table.callId),
		index('call_back_tasks_person_due')
			.on(table.organizationId, table.userId, table.dueAt)
			.where(sql`${table.state} = 'open'`),
		index('call_back_tasks_due')
			.on(table.organizationId, table.dueAt)
			.where(sql`${table.state} = 'open'`),
		index('call_back_tasks_number')
			.on(table.organizationId, table.to)
			.where(sql`${table.state} = 'open'`),
		index('call_back_tasks_contact').on(table.organizationId, table.contactId, table.dueAt)
	]
);

/** An agent going through a lead list, one call after the other. One runs for each person. */
export const powerDials = pgTable(
	'power_dials',
	{
		id: uuid().primaryKey(),
		organizationId: tenant(),
		userId: uuid().notNull(),
		leadListId: uuid().notNull(),
		state: text({ enum: ['running', 'paused', 'finished', 'stopped'] })
			.notNull()
			.default('running'),
		/** Of the list's members, the last one that was looked at. */
		position: integer().notNull().default(-1),
		/** The lead in front of the agent. */
		contactId: uuid(),
		/** Leads of the list when it began. */
		total: integer().notNull(),
		offered: integer().notNull().default(0),
		skippedByAgent: integer().notNull().default(0),
		skippedDoNotCall: integer().notNull().default(0),
		skippedHours: integer().notNull().default(0),
		skippedDone: integer().notNull().default(0),
		skippedTaken: integer().notNull().default(0),
		startedAt: createdAt(),
		updatedAt: createdAt()
	},
	(table) => [
		uniqueIndex('power_dials_one_per_person')
			.on(table.userId)
			.where(sql`${table.state} in ('running', 'paused')`),
		index('power_dials_list').on(table.organizationId, table.leadListId)
	]
);
