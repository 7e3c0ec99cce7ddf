import { sql } from 'drizzle-orm';
import type { Ledger } from '../ledger';
import { at, type Write } from './records';

export function writeFacts(ledger: Ledger, write: Write): void {
	write(
		ledger.rows.usage,
		(records) => sql`
		insert into call_minutes_usage_log (organization_id, call_id, allocation_id, minutes_consumed, settles_debt,
			call_start_time, call_end_time)
		select "organizationId", "callId", "allocationId", "minutesConsumed", "settlesDebt", ${at('callStartMs')},
			${at('callEndMs')}
		from json_to_recordset(${records}) as r("organizationId" int, "callId" text, "allocationId" uuid,
			"minutesConsumed" int, "settlesDebt" boolean, "callStartMs" bigint, "callEndMs" bigint)`
	);
	write(
		ledger.rows.history,
		(records) => sql`
		insert into call_minutes_allocation_history (organization_id, allocation_id, kind, minutes, reason, expires_at,
			allocated_by, allocated_at)
		select "organizationId", "allocationId", kind, minutes, reason, ${at('expiresAtMs')}, "allocatedBy",
			${at('allocatedAtMs')}
		from json_to_recordset(${records}) as r("organizationId" int, "allocationId" uuid, kind text, minutes int,
			reason text, "expiresAtMs" bigint, "allocatedBy" uuid, "allocatedAtMs" bigint)`
	);
	write(
		ledger.rows.statusEvents,
		(records) => sql`
		insert into call_status_events (organization_id, call_id, delivery_id, source, status, raw_status, effect,
			occurred_at, received_at)
		select "organizationId", "callId", "deliveryId", source, status, "rawStatus", effect, ${at('occurredAtMs')},
			${at('receivedAtMs')}
		from json_to_recordset(${records}) as r("organizationId" int, "callId" uuid, "deliveryId" uuid, source text,
			status text, "rawStatus" text, effect text, "occurredAtMs" bigint, "receivedAtMs" bigint)`
	);
	write(
		ledger.rows.blocks,
		(records) => sql`
		insert into blocks (organization_id, user_id, "to", code, message, way_out, numbers, created_at)
		select "organizationId", "userId", "to", code, message, "wayOut", numbers, ${at('createdAtMs')}
		from json_to_recordset(${records}) as r("organizationId" int, "userId" uuid, "to" text, code text,
			message text, "wayOut" text, numbers jsonb, "createdAtMs" bigint)`
	);
	write(
		ledger.rows.audit,
		(records) => sql`
		insert into audit_log (organization_id, actor_kind, actor_user_id, action, before, after, address, request_id,
			created_at)
		select "organizationId", "actorKind", "actorUserId", action, before, after, address, "requestId",
			${at('createdAtMs')}
		from json_to_recordset(${records}) as r("organizationId" int, "actorKind" text, "actorUserId" uuid,
			action text, before jsonb, after jsonb, address text, "requestId" uuid, "createdAtMs" bigint)`
	);
	write(
		ledger.rows.transactions,
		(records) => sql`
		insert into balance_transactions (id, organization_id, amount, type, description, balance_before, balance_after,
			call_id, metadata, stripe_payment_intent_id, created_at)
		select coalesce(id, gen_random_uuid()), "organizationId", "amountMicros", type, description,
			"balanceBeforeMicros", "balanceAfterMicros", "callId", metadata, "stripePaymentIntentId", ${at('createdAtMs')}
		from json_to_recordset(${records}) as r(id uuid, "organizationId" int, "amountMicros" numeric, type text,
			description text, "balanceBeforeMicros" numeric, "balanceAfterMicros" numeric, "callId" uuid,
			metadata jsonb, "stripePaymentIntentId" text, "createdAtMs" bigint)`
	);
	write(
		ledger.events,
		(records) => sql`
		insert into live_events (organization_id, seq, name, payload)
		select "organizationId", seq, name, payload
		from json_to_recordset(${records}) as r("organizationId" int, seq bigint, name text, payload jsonb)`
	);
}
