import { sql } from 'drizzle-orm';
import {
	bigint,
	boolean,
	check,
	index,
	integer,
	pgTable,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { createdAt, micros, moment } from './columns';
import { organizations } from './organizations';

/** Our orders for money, one per attempt. Changed only by the lane. */
export const payments = pgTable(
	'payments',
	{
		/** Made by whoever asked: a browser, a program or the worker. */
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		kind: text({ enum: ['checkout', 'auto_refill'] }).notNull(),
		amount: micros().notNull(),
		currency: text({ enum: ['usd'] })
			.notNull()
			.default('usd'),
		isLive: boolean().notNull(),
		state: text({
			enum: ['created', 'pending', 'succeeded', 'failed', 'expired', 'unknown', 'mismatch']
		}).notNull(),
		stripeCustomerId: text().notNull(),
		stripePaymentMethodId: text(),
		stripeCheckoutSessionId: text(),
		checkoutUrl: text(),
		stripePaymentIntentId: text(),
		failureCode: text(),
		failureMessage: text(),
		/** Of the amount, what went back and was booked. */
		refundedAmount: micros()
			.notNull()
			.default(sql`0`),
		disputedAmount: micros()
			.notNull()
			.default(sql`0`),
		receiptUrl: text(),
		createdBy: uuid(),
		createdAt: createdAt(),
		succeededAt: moment(),
		/** When Stripe is asked about it anew. */
		refreshAt: moment(),
		version: integer().notNull().default(1)
	},
	(table) => [
		uniqueIndex('payments_session_key').on(table.stripeCheckoutSessionId),
		uniqueIndex('payments_intent_key').on(table.stripePaymentIntentId),
		uniqueIndex('payments_tenant_key').on(table.organizationId, table.id),
		index('payments_recent').on(
			table.organizationId,
			table.createdAt.desc().nullsFirst(),
			table.id.desc().nullsFirst()
		),
		index('payments_refresh')
			.on(table.refreshAt)
			.where(sql`${table.refreshAt} is not null`),
		index('payments_mismatch')
			.on(table.createdAt)
			.where(sql`${table.state} = 'mismatch'`),
		check('payments_amount_positive', sql`${table.amount} > 0`),
		check(
			'payments_money_back_range',
			sql`${table.refundedAmount} >= 0 and ${table.disputedAmount} >= 0 and ${table.refundedAmount} + ${table.disputedAmount} <= ${table.amount}`
		),
		check(
			'payments_succeeded_once',
			sql`(${table.state} = 'succeeded') = (${table.succeededAt} is not null)`
		)
	]
);

/** Who an organisation is at Stripe, and the card it saved there. */
export const stripeCustomers = pgTable(
	'stripe_customers',
	{
		organizationId: integer()
			.primaryKey()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		customerId: text().notNull(),
		paymentMethodId: text(),
		cardBrand: text(),
		cardLast4: text(),
		cardExpMonth: integer(),
		cardExpYear: integer(),
		/** Something about the card may have changed at Stripe: it is to be read anew. */
		isStale: boolean().notNull().default(false),
		createdAt: createdAt(),
		updatedAt: createdAt()
	},
	(table) => [
		uniqueIndex('stripe_customers_customer_key').on(table.customerId),
		index('stripe_customers_stale')
			.on(table.organizationId)
			.where(sql`${table.isStale}`)
	]
);

/** The auto-refill of an organisation, once it was ever used. Changed only by the lane. */
export const autoRefills = pgTable(
	'auto_refills',
	{
		organizationId: integer()
			.primaryKey()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		state: text({
			enum: ['armed', 'claimed', 'charging', 'settled', 'backoff', 'paused', 'unknown']
		}).notNull(),
		/** The attempt under way, or the last one. */
		paymentId: uuid(),
		/** Declines in a row. */
		declines: integer().notNull().default(0),
		/** When there is something to do. */
		lookAt: moment(),
		pauseReason: text({
			enum: [
				'declined',
				'card_refused',
				'authentication_required',
				'no_card',
				'monthly_cap',
				'mismatch'
			]
		}),
		/** Month of `month_spent` in the organisation's zone, `2026-11`. */
		month: text().notNull(),
		monthSpent: micros()
			.notNull()
			.default(sql`0`)
	},
	(table) => [
		index('auto_refills_due')
			.on(table.lookAt)
			.where(sql`${table.lookAt} is not null`),
		check(
			'auto_refills_pause_reason',
			sql`(${table.state} = 'paused') = (${table.pauseReason} is not null)`
		)
	]
);

/** How far a job has read a list of a provider's. */
export const readCursors = pgTable('read_cursors', {
	name: text().primaryKey(),
	readUntil: moment().notNull()
});

/** Mails to people: written with the change they tell of, sent by a job when there is a mail server. */
export const mails = pgTable(
	'mails',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		organizationId: integer().references(() => organizations.id, { onDelete: 'restrict' }),
		/** What it tells of: equal keys to one person are one mail. */
		key: text().notNull(),
		to: text().notNull(),
		subject: text().notNull(),
		text: text().notNull(),
		/** It holds a link that opens something: its text is removed once it is sent. */
		isSecret: boolean().notNull().default(false),
		state: text({ enum: ['waiting', 'sent', 'failed'] })
			.notNull()
			.default('waiting'),
		attempts: integer().notNull().default(0),
		/** When it is tried again. */
		sendAt: moment().notNull().defaultNow(),
		failure: text(),
		createdAt: createdAt(),
		sentAt: moment()
	},
	(table) => [
		uniqueIndex('mails_key').on(table.key, table.to),
		index('mails_waiting')
			.on(table.sendAt)
			.where(sql`${table.state} = 'waiting'`)
	]
);
