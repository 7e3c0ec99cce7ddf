import { sql } from 'drizzle-orm';
import {
	bigint,
	customType,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	text
} from 'drizzle-orm/pg-core';
import type { LiveEventName } from '$lib/views';
import { createdAt } from './columns';

const transactionId = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' });

/**
 * What browsers are told. `seq` is gap-free per organisation and in commit order, because it is taken
 * under the organisation's lock. `transaction_id` orders the fleet's stream: everything below the
 * oldest running transaction is complete and will not grow.
 */
export const liveEvents = pgTable(
	'live_events',
	{
		organizationId: integer().notNull(),
		seq: bigint({ mode: 'number' }).notNull(),
		transactionId: transactionId()
			.notNull()
			.default(sql`pg_current_xact_id()`),
		name: text().$type<LiveEventName>().notNull(),
		payload: jsonb().notNull(),
		createdAt: createdAt()
	},
	(table) => [
		primaryKey({ columns: [table.organizationId, table.seq] }),
		index('live_events_fleet').on(table.transactionId, table.organizationId, table.seq)
	]
);
