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
		createdAt: createdAt()
	},
	(table) => [index('audit_log_organization').on(table.organizationId, table.id.desc())]
);
