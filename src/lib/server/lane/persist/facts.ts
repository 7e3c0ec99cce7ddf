import { sql } from 'drizzle-orm';
import type { Ledger } from '../ledger';
import { at, writePart, type Write } from './records';

const INSERT_CALL_MINUTES_USAGE_LOG = writePart(
	'call_minutes_usage_log',
	(records) => sql`
	insert into call_minutes_usage_log (organization_id, call_id, allocation_id, minutes_consumed, is_external,
		settles_debt, call_start_time, call_end_time)
	select "organizationId", "callId", "allocationId", "minutesConsumed", "isExternal", "settlesDebt",
		${at('callStartMs')}, ${at('callEndMs')}
	from json_to_recordset(${records}) as r("organizationId" int, "callId" text, "allocationId" uuid,
		"minutesConsumed" int, "isExternal" boolean, "settlesDebt" boolean, "callStartMs" bigint, "callEndMs" bigint)`
);

const INSERT_CALL_MINUTES_ALLOCATION_HISTORY = writePart(
	'call_minutes_allocation_history',
	(records) => sql`
	insert into call_minutes_allocation_history (organization_id, allocation_id, kind, minutes, reason, expires_at,
		allocated_by, allocated_at)
	select "organizationId", "allocationId", kind, minutes, reason, ${at('expiresAtMs')}, "allocatedBy",
		${at('allocatedAtMs')}
	from json_to_recordset(${records}) as r("organizationId" int, "allocationId" uuid, kind text, minutes int,
		reason text, "expiresAtMs" bigint, "allocatedBy" uuid, "allocatedAtMs" bigint)`
);

const INSERT_CALL_STATUS_EVENTS = writePart(
	'call_status_events',
	(records) => sql`
	insert into call_status_events (organization_id, call_id, delivery_id, source, status, raw_status, effect,
		occurred_at, received_at)
	select "organizationId", "callId", "deliveryId", source, status, "rawStatus", effect, ${at('occurredAtMs')},
		${at('receivedAtMs')}
	from json_to_recordset(${records}) as r("organizationId" int, "callId" uuid, "deliveryId" uuid, source text,
		status text, "rawStatus" text, effect text, "occurredAtMs" bigint, "receivedAtMs" bigint)`
);

const INSERT_BLOCKS = writePart(
	'blocks',
	(records) => sql`
	insert into blocks (organization_id, user_id, "to", code, message, way_out, numbers, created_at)
	select "organizationId", "userId", "to", code, message, "wayOut", numbers, ${at('createdAtMs')}
	from json_to_recordset(${records}) as r("organizationId" int, "userId" uuid, "to" text, code text,
		message text, "wayOut" text, numbers jsonb, "createdAtMs" bigint)`
);

const INSERT_AUDIT_LOG = writePart(
	'audit_log',
	(records) => sql`
	insert into audit_log (organization_id, actor_kind, actor_user_id, action, before, after, address, request_id,
		created_at)
	select "organizationId", "actorKind", "actorUserId", action, before, after, address, "requestId",
		${at('createdAtMs')}
	from json_to_recordset(${records}) as r("organizationId" int, "actorKind" text, "actorUserId" uuid,
		action text, before jsonb, after jsonb, address text, "requestId" uuid, "createdAtMs" bigint)`
);

const INSERT_BALANCE_TRANSACTIONS = writePart(
	'balance_transactions',
	(records) => sql`
	insert into balance_transactions (id, organization_id, amount, type, description, balance_before, balance_after,
		call_id, metadata, stripe_payment_intent_id, created_at)
	select coalesce(id, gen_random_uuid()), "organizationId", "amountMicros", type, description,
		"balanceBeforeMicros", "balanceAfterMicros", "callId", metadata, "stripePaymentIntentId", ${at('createdAtMs')}
	from json_to_recordset(${records}) as r(id uuid, "organizationId" int, "amountMicros" numeric, type text,
		description text, "balanceBeforeMicros" numeric, "balanceAfterMicros" numeric, "callId" uuid,
		metadata jsonb, "stripePaymentIntentId" text, "createdAtMs" bigint)`
);

const INSERT_LIVE_EVENTS = writePart(
	'live_events',
	(records) => sql`
	insert into live_events (organization_id, seq, name, payload)
	select "organizationId", seq, name, payload
	from json_to_recordset(${records}) as r("organizationId" int, seq bigint, name text, payload jsonb)`
);

export function writeFacts(ledger: Ledger, write: Write): void {
	write(ledger.rows.usage, INSERT_CALL_MINUTES_USAGE_LOG);
	write(ledger.rows.history, INSERT_CALL_MINUTES_ALLOCATION_HISTORY);
	write(ledger.rows.statusEvents, INSERT_CALL_STATUS_EVENTS);
	write(ledger.rows.blocks, INSERT_BLOCKS);
	write(ledger.rows.audit, INSERT_AUDIT_LOG);
	write(ledger.rows.transactions, INSERT_BALANCE_TRANSACTIONS);
	write(ledger.events, INSERT_LIVE_EVENTS);
}
