import { sql } from 'drizzle-orm';
import {
	bigint,
	boolean,
	check,
	index,
	integer,
	pgTable,
	primaryKey,
	real,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import {
	CAMPAIGN_KINDS,
	CAMPAIGN_STATUSES,
	LEAD_STATES,
	PAUSE_CAUSES
} from '$lib/domain/campaigns/campaign';
import { HOLDUPS } from '$lib/domain/campaigns/progress';
import { createdAt, micros, moment } from './columns';
import { organizations } from './organizations';

/** A batch call over leads. */
export const campaigns = pgTable(
	'campaigns',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		name: text().notNull(),
		createdAt: createdAt(),
		/** Whose calls they are; on bridged calls it is their phone that rings first. Same tenant: two-column key. */
		createdBy: uuid(),
		kind: text({ enum: CAMPAIGN_KINDS }).notNull().default('server'),
		status: text({ enum: CAMPAIGN_STATUSES }).notNull().default('draft'),
		pauseCause: text({ enum: PAUSE_CAUSES }),
		/** The sentence of the refusal that paused it. */
		pauseReason: text(),
		/** Paused by its provider, it tries one call at a time from this moment on. */
		probeAt: moment(),
		probes: integer().notNull().default(0),
		isProbing: boolean().notNull().default(false),
		/** Calls at once, and calls begun per second. */
		concurrency: integer().notNull().default(5),
		callsPerSecond: real().notNull().default(1),
		/** When its next call is due, were there no burst: milliseconds since 1970 UTC. */
		paceDueMs: bigint({ mode: 'number' }).notNull().default(0),
		attemptsMax: integer().notNull().default(3),
		/** Minutes until a lead is called again; null: not again. */
		busyAfterMinutes: integer().default(10),
		noAnswerAfterMinutes: integer().default(60),
		failedAfterMinutes: integer().default(30),
		/** Kept with every change of a lead: never counted anew. */
		totalLeads: integer().notNull().default(0),
		waitingLeads: integer().notNull().default(0),
		callingLeads: integer().notNull().default(0),
		answeredLeads: integer().notNull().default(0),
		unreachedLeads: integer().notNull().default(0),
		skippedLeads: integer().notNull().default(0),
		attempts: integer().notNull().default(0),
		talkSeconds: integer().notNull().default(0),
		billedMinutes: integer().notNull().default(0),
		cost: micros()
			.notNull()
			.default(sql`0`),
		/** Leads done per minute, the last minute counting most. */
		ratePerMinute: real().notNull().default(0),
		holdup: text({ enum: HOLDUPS }),
		/** When the engine last looked at it. */
		lookedAt: moment(),
		startedAt: moment(),
		endedAt: moment(),
		/** Rises with every change. */
		version: integer().notNull().default(0)
	},
	(table) => [
		uniqueIndex('campaigns_tenant_key').on(table.organizationId, table.id),
		index('campaigns_recent').on(
			table.organizationId,
			table.createdAt.desc().nullsFirst(),
			table.id.desc().nullsFirst()
		),
		index('campaigns_alive')
			.on(table.id)
			.where(sql`${table.status} in ('running', 'paused', 'stopping')`),
		check('campaigns_name_length', sql`length(${table.name}) between 1 and 120`),
		check('campaigns_concurrency_range', sql`${table.concurrency} between 1 and 200`),
		check(
			'campaigns_pace_range',
			sql`${table.callsPerSecond} > 0 and ${table.callsPerSecond} <= 200`
		),
		check('campaigns_attempts_range', sql`${table.attemptsMax} between 1 and 10`),
		check(
			'campaigns_pause_has_cause',
			sql`(${table.status} = 'paused') = (${table.pauseCause} is not null)`
		),
		check(
			'campaigns_leads_add_up',
			sql`${table.totalLeads} = ${table.waitingLeads} + ${table.callingLeads} + ${table.answeredLeads} + ${table.unreachedLeads} + ${table.skippedLeads} and least(${table.waitingLeads}, ${table.callingLeads}, ${table.answeredLeads}, ${table.unreachedLeads}, ${table.skippedLeads}) >= 0`
		)
	]
);

/** A lead as it was on the list when the campaign was made. Same tenant: two-column foreign keys. */
export const campaignLeads = pgTable(
	'campaign_leads',
	{
		organizationId: integer().notNull(),
		campaignId: uuid().notNull(),
		position: integer().notNull(),
		/** Null once the contact was deleted. */
		contactId: uuid(),
		name: text().notNull(),
		/** E.164. */
		phone: text().notNull(),
		state: text({ enum: LEAD_STATES }).notNull().default('waiting'),
		/** What a waiting lead waits for, or why it was skipped. */
		reason: text(),
		/** Calls that were dialled. */
		attempts: integer().notNull().default(0),
		nextAttemptAt: moment().notNull(),
		/** The last call, or the one under way: its id is chosen when the lead is claimed. */
		callId: uuid(),
		claimedAt: moment(),
		/** How its last call ended. */
		outcome: text()
	},
	(table) => [
		primaryKey({ columns: [table.campaignId, table.position] }),
		uniqueIndex('campaign_leads_number').on(table.campaignId, table.phone),
		index('campaign_leads_due')
			.on(table.campaignId, table.nextAttemptAt, table.position)
			.where(sql`${table.state} = 'waiting'`),
		index('campaign_leads_calling')
			.on(table.campaignId)
			.where(sql`${table.state} = 'calling'`),
		index('campaign_leads_state').on(table.campaignId, table.state, table.position),
		index('campaign_leads_contact').on(table.contactId),
		check(
			'campaign_leads_claimed',
			sql`(${table.state} <> 'calling') or (${table.callId} is not null and ${table.claimedAt} is not null)`
		)
	]
);
