import { sql } from 'drizzle-orm';
import {
	bigint,
	check,
	index,
	integer,
	jsonb,
	pgTable,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import type { TokenScope } from '$lib/domain/token-scopes';
import { createdAt, moment } from './columns';
import { organizations } from './organizations';

export const users = pgTable(
	'users',
	{
		id: uuid().primaryKey(),
		/** Null for super admins, who belong to no tenant. */
		organizationId: integer().references(() => organizations.id, { onDelete: 'restrict' }),
		email: text().notNull(),
		name: text().notNull(),
		role: text({ enum: ['super_admin', 'manager', 'agent'] }).notNull(),
		passwordHash: text().notNull(),
		/** The phone rung first on bridged calls, E.164. */
		phone: text(),
		/** The shared secret of a person's authenticator; it counts from `totpEnabledAt` on. */
		totpSecret: text(),
		totpEnabledAt: moment(),
		/** The last time step whose code was taken: none is taken twice. */
		totpLastStep: bigint({ mode: 'number' }),
		passwordChangedAt: moment(),
		createdAt: createdAt(),
		disabledAt: moment()
	},
	(table) => [
		uniqueIndex('users_email_key').on(sql`lower(${table.email})`),
		uniqueIndex('users_tenant_key').on(table.organizationId, table.id),
		index('users_organization').on(table.organizationId),
		check(
			'users_totp_secret',
			sql`${table.totpEnabledAt} is null or ${table.totpSecret} is not null`
		),
		check(
			'users_role_organization',
			sql`(${table.role} = 'super_admin') = (${table.organizationId} is null)`
		)
	]
);

/** Only the SHA-256 of the session id is kept: a copy of this table signs nobody in. */
export const sessions = pgTable(
	'sessions',
	{
		idHash: text().primaryKey(),
		/** Names the session where people see it; opens nothing. */
		id: uuid()
			.notNull()
			.default(sql`gen_random_uuid()`),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		expiresAt: moment().notNull(),
		/** When the person last showed that it is them, by password or code. */
		provedAt: moment().notNull().defaultNow(),
		lastSeenAt: moment().notNull().defaultNow(),
		address: text(),
		/** What the browser says it is, cut to a length. */
		userAgent: text(),
		createdAt: createdAt()
	},
	(table) => [
		uniqueIndex('sessions_id_key').on(table.id),
		index('sessions_user').on(table.userId),
		index('sessions_expiry').on(table.expiresAt)
	]
);

/** Bearer tokens for REST. Only the hash is kept; the token is printed once. */
export const apiTokens = pgTable(
	'api_tokens',
	{
		id: uuid().primaryKey(),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		name: text().notNull(),
		tokenHash: text().notNull(),
		/** What it may do of what its person may; null: all of it. */
		scopes: jsonb().$type<TokenScope[]>(),
		lastUsedAt: moment(),
		createdAt: createdAt(),
		revokedAt: moment()
	},
	(table) => [
		uniqueIndex('api_tokens_hash_key').on(table.tokenHash),
		index('api_tokens_user').on(table.userId)
	]
);

/** Failed proofs of who somebody is, per whatever they are counted by. */
export const signInThrottle = pgTable('sign_in_throttle', {
	key: text().primaryKey(),
	failures: integer().notNull(),
	lastFailureAt: moment().notNull(),
	blockedUntil: moment()
});
