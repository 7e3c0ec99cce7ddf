/** How people get in: invitations, links to set a password, codes for a lost phone, browsers known to be theirs. */
import { sql } from 'drizzle-orm';
import {
	check,
	index,
	integer,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns';
import { organizations } from './organizations';
import { users } from './users';

/** A place in an organisation offered to an address. Only the hash of the link's token is kept. */
export const invitations = pgTable(
	'invitations',
	{
		id: uuid().primaryKey(),
		organizationId: integer()
			.notNull()
			.references(() => organizations.id, { onDelete: 'restrict' }),
		email: text().notNull(),
		role: text({ enum: ['manager', 'agent'] }).notNull(),
		tokenHash: text().notNull(),
		/** Null for the command line. */
		invitedBy: uuid().references(() => users.id, { onDelete: 'restrict' }),
		createdAt: createdAt(),
		/** When the link was last made and sent. */
		sentAt: moment().notNull(),
		expiresAt: moment().notNull(),
		acceptedAt: moment(),
		acceptedBy: uuid().references(() => users.id, { onDelete: 'restrict' }),
		revokedAt: moment()
	},
	(table) => [
		uniqueIndex('invitations_token_key').on(table.tokenHash),
		uniqueIndex('invitations_one_open')
			.on(table.organizationId, sql`lower(${table.email})`)
			.where(sql`${table.acceptedAt} is null and ${table.revokedAt} is null`),
		index('invitations_organization').on(table.organizationId, table.createdAt.desc().nullsFirst()),
		check(
			'invitations_accepted_by',
			sql`(${table.acceptedAt} is null) = (${table.acceptedBy} is null)`
		),
		check('invitations_one_end', sql`${table.acceptedAt} is null or ${table.revokedAt} is null`)
	]
);

/** A link that lets its reader set a new password, once. */
export const passwordResets = pgTable(
	'password_resets',
	{
		tokenHash: text().primaryKey(),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		createdAt: createdAt(),
		expiresAt: moment().notNull(),
		usedAt: moment()
	},
	(table) => [index('password_resets_user').on(table.userId)]
);

/** Codes for the day the authenticator is lost; each is good once. */
export const recoveryCodes = pgTable(
	'recovery_codes',
	{
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		codeHash: text().notNull(),
		createdAt: createdAt(),
		usedAt: moment()
	},
	(table) => [primaryKey({ columns: [table.userId, table.codeHash] })]
);

/** Browsers a person has signed in with: a stranger's guessing does not slow them down. */
export const knownDevices = pgTable(
	'known_devices',
	{
		idHash: text().primaryKey(),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		createdAt: createdAt(),
		lastSeenAt: moment().notNull()
	},
	(table) => [index('known_devices_user').on(table.userId)]
);

/** Printed by each process that starts without a super admin; any of them opens the first page once. */
export const setupTokens = pgTable('setup_tokens', {
	tokenHash: text().primaryKey(),
	createdAt: createdAt()
});
