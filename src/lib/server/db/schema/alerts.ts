import { sql } from 'drizzle-orm';
import {
	boolean,
	check,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	text,
	unique,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { ALERT_KINDS } from '$lib/domain/alerts/kinds';
import { createdAt, moment } from './columns';
import { organizations } from './organizations';
import { users } from './users';

/** What was raised: the inbox of an organisation, or where none is named, of the platform. */
export const alerts = pgTable(
	'alerts',
	{
		id: uuid().primaryKey(),
		organizationId: integer().references(() => organizations.id, { onDelete: 'restrict' }),
		kind: text({ enum: ALERT_KINDS }).notNull(),
		/** What of the platform it is about, or the organisation's name. */
		subject: text().notNull(),
		level: integer().notNull(),
		title: text().notNull(),
		message: text().notNull(),
		/** Of that moment. */
		numbers: jsonb().$type<Record<string, number | string>>().notNull(),
		/** Whether people were told, or it only stands here: it came again within the cool-down. */
		isTold: boolean().notNull(),
		raisedAt: moment().notNull(),
		resolvedAt: moment()
	},
	(table) => [
		uniqueIndex('alerts_tenant_key').on(table.organizationId, table.id),
		index('alerts_recent').on(
			table.organizationId,
			table.raisedAt.desc().nullsFirst(),
			table.id.desc().nullsFirst()
		),
		index('alerts_open')
			.on(table.organizationId, table.kind, table.subject)
			.where(sql`${table.resolvedAt} is null`),
		check('alerts_level', sql`${table.level} between 1 and 3`)
	]
);

/** Where each alert is in its life (`$lib/domain/alerts/machine`). */
export const alertStates = pgTable(
	'alert_states',
	{
		organizationId: integer().references(() => organizations.id, { onDelete: 'restrict' }),
		kind: text({ enum: ALERT_KINDS }).notNull(),
		/** Empty of an organisation's. */
		subject: text().notNull(),
		phase: text({ enum: ['ok', 'rising', 'alarm', 'recovering'] }).notNull(),
		level: integer().notNull(),
		since: moment().notNull(),
		toldAt: moment(),
		toldLevel: integer().notNull()
	},
	(table) => [
		unique('alert_states_key')
			.on(table.organizationId, table.kind, table.subject)
			.nullsNotDistinct()
	]
);

/** What a person wants to be told of how; what is not here is told as by default. */
export const alertPreferences = pgTable(
	'alert_preferences',
	{
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		kind: text({ enum: ALERT_KINDS }).notNull(),
		isMailed: boolean().notNull(),
		isToasted: boolean().notNull()
	},
	(table) => [primaryKey({ columns: [table.userId, table.kind] })]
);

/** How far a person has looked through the inbox. */
export const alertInboxes = pgTable('alert_inboxes', {
	userId: uuid()
		.primaryKey()
		.references(() => users.id, { onDelete: 'cascade' }),
	seenAt: moment().notNull()
});

/** An address of an organisation's own that is posted its alerts, signed (standardwebhooks.com). */
export const webhookEndpoints = pgTable(
	'webhook_endpoints',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		url: text().notNull(),
		/** Signs what is sent; shown once, when it is made. */
		secret: text().notNull(),
		/** The one before, which signs too until it is over. */
		previousSecret: text(),
		previousSecretUntil: moment(),
		isActive: boolean().notNull().default(true),
		createdBy: uuid().references(() => users.id, { onDelete: 'set null' }),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('webhook_endpoints_tenant_key').on(table.organizationId, table.id),
		uniqueIndex('webhook_endpoints_url_key')
			.on(table.organizationId, table.url)
			.where(sql`${table.isActive}`)
	]
);

/** One alert on its way to one address. */
export const webhookMessages = pgTable(
	'webhook_messages',
	{
		id: uuid().primaryKey(),
		organizationId: integer().notNull(),
		/** Same tenant: a two-column foreign key. */
		endpointId: uuid().notNull(),
		body: jsonb().$type<object>().notNull(),
		state: text({ enum: ['waiting', 'sent', 'failed'] })
			.notNull()
			.default('waiting'),
		attempts: integer().notNull().default(0),
		sendAt: moment().notNull(),
		/** What came of the last try, in a sentence. */
		note: text(),
		createdAt: createdAt(),
		sentAt: moment()
	},
	(table) => [
		index('webhook_messages_waiting')
			.on(table.sendAt)
			.where(sql`${table.state} = 'waiting'`),
		index('webhook_messages_recent').on(table.endpointId, table.id.desc().nullsFirst())
	]
);
