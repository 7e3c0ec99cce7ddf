import { sql } from 'drizzle-orm';
import type { ApplyDelivery } from '$lib/domain/lane/commands';
import type { PreparedTransaction } from '../../db/prepared';
import type { Ledger } from '../ledger';
import { at } from './records';

export interface NewDelivery {
	command: ApplyDelivery;
	receivedAtMs: number;
}

/** Counts deliveries that came again, the batch's own included. */
export async function countRepeats(
	tx: PreparedTransaction,
	repeatedDeliveryIds: string[]
): Promise<void> {
	if (repeatedDeliveryIds.length === 0) return;
	await tx.run(sql`
		update deliveries d set repeats = d.repeats + n.times
		from (select value::uuid as id, count(*) as times
			from json_array_elements_text(${JSON.stringify(repeatedDeliveryIds)}::json) group by 1) n
		where d.id = n.id`);
}

/** Inserts the batch's deliveries with their outcome; updates those that had waited unmatched. */
export async function insertDeliveries(
	tx: PreparedTransaction,
	ledger: Ledger,
	newDeliveries: NewDelivery[]
): Promise<number> {
	const outcomes = new Map(ledger.rows.deliveries.map((row) => [row.id, row]));
	const newIds = new Set(newDeliveries.map(({ command }) => command.deliveryId));
	const claimed = ledger.rows.deliveries.filter((row) => !newIds.has(row.id));
	const claims =
		claimed.length > 0
			? tx.run(sql`
		update deliveries d set state = r.state, note = r.note, organization_id = r."organizationId",
			call_id = r."callId", attempts = r.attempts, next_attempt_at = ${at('nextAttemptAtMs')}
		from json_to_recordset(${JSON.stringify(claimed)}::json) as r(id uuid, state text, note text,
			"organizationId" int, "callId" uuid, attempts int, "nextAttemptAtMs" bigint)
		where d.id = r.id`)
			: null;
	const records = newDeliveries
		.map(({ command, receivedAtMs }) => ({
			...outcomes.get(command.deliveryId),
			provider: command.event.provider,
			dedupeKey: command.dedupeKey,
			providerCallId: command.event.providerCallId,
			body: command.body,
			event: command.event,
			receivedAtMs
		}))
		.sort((first, second) => (first.dedupeKey < second.dedupeKey ? -1 : 1));
	const inserted =
		records.length > 0
			? tx.run(sql`
		insert into deliveries (id, provider, dedupe_key, provider_call_id, state, note, organization_id, call_id,
			body, event, received_at, attempts, next_attempt_at)
		select id, provider, "dedupeKey", "providerCallId", state, note, "organizationId", "callId", body, event,
			${at('receivedAtMs')}, attempts, ${at('nextAttemptAtMs')}
		from json_to_recordset(${JSON.stringify(records)}::json) as r(id uuid, provider text, "dedupeKey" text,
			"providerCallId" text, state text, note text, "organizationId" int, "callId" uuid, body jsonb,
			event jsonb, "receivedAtMs" bigint, attempts int, "nextAttemptAtMs" bigint)
		on conflict (provider, dedupe_key) do nothing returning 1`)
			: null;
	const [, rows] = await Promise.all([claims, inserted]);
	return rows?.length ?? 0;
}

/** Two ends of one call that differ, once for each other end. After the deliveries they came with. */
export async function insertEndConflicts(tx: PreparedTransaction, ledger: Ledger): Promise<void> {
	const { endConflicts } = ledger.rows;
	if (endConflicts.length === 0) return;
	await tx.run(sql`
		insert into call_end_conflicts (delivery_id, organization_id, call_id, our_status, our_seconds, said_status,
			said_seconds, next_attempt_at, created_at)
		select "deliveryId", "organizationId", "callId", "ourStatus", "ourSeconds", "saidStatus", "saidSeconds",
			${at('createdAtMs')}, ${at('createdAtMs')}
		from json_to_recordset(${JSON.stringify(endConflicts)}::json) as r("deliveryId" uuid, "organizationId" int,
			"callId" uuid, "ourStatus" text, "ourSeconds" int, "saidStatus" text, "saidSeconds" int,
			"createdAtMs" bigint)
		on conflict do nothing`);
}
