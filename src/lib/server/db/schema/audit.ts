import { bigint, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from './columns';

/** Who changed what. Written in the transaction of the change. Append-only. */
export const auditLog = pgTable(
	'audit_log',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		organizationId: integer(),
		actorKind: text({ enum: ['user', 'command_line', 'job', 'webhook'] }).notNull(),
		actorUserId: uuid(),
		action: text().notNull(),
		before: jsonb(),
		after: jsonb(),
		/** Where it came from; null for jobs and the command line. */
		address: text(),
		requestId: uuid(),
		createdAt: createdAt()
	},
	(table) => [
		index('audit_log_organization').on(table.organizationId, table.id.desc().nullsFirst()),
		index('audit_log_actor').on(table.actorUserId, table.id.desc().nullsFirst()),
		index('audit_log_action').on(table.action, table.id.desc().nullsFirst())
	]
);
