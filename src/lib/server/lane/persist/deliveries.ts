import { sql } from 'drizzle-orm';
import type { ApplyDelivery } from '$lib/domain/lane/commands';
import { writeStatement, type PreparedTransaction } from '../../db/prepared';
import type { Ledger } from '../ledger';
import { at, RECORDS } from './records';

export interface NewDelivery {
	command: ApplyDelivery;
	receivedAtMs: number;
}

const COUNT_REPEATS = writeStatement(sql`
	update deliveries d set repeats = d.repeats + n.times
	from (select value::uuid as id, count(*) as times
		from json_array_elements_text(${sql.placeholder('ids')}::json) group by 1) n
	where d.id = n.id`);

const UPDATE_DELIVERIES = writeStatement(sql`
	update deliveries d set state = r.state, note = r.note, organization_id = r."organizationId",
		call_id = r."callId", attempts = r.attempts, next_attempt_at = ${at('nextAttemptAtMs')}
	from json_to_recordset(${RECORDS}) as r(id uuid, state text, note text,
		"organizationId" int, "callId" uuid, attempts int, "nextAttemptAtMs" bigint)
	where d.id = r.id`);

const INSERT_DELIVERIES = writeStatement(sql`
	insert into deliveries (id, provider, dedupe_key, provider_call_id, state, note, organization_id, call_id,
		body, event, received_at, attempts, next_attempt_at)
	select id, provider, "dedupeKey", "providerCallId", state, note, "organizationId", "callId", body, event,
		${at('receivedAtMs')}, attempts, ${at('nextAttemptAtMs')}
	from json_to_recordset(${RECORDS}) as r(id uuid, provider text, "dedupeKey" text,
		"providerCallId" text, state text, note text, "organizationId" int, "callId" uuid, body jsonb,
		event jsonb, "receivedAtMs" bigint, attempts int, "nextAttemptAtMs" bigint)
	on conflict (provider, dedupe_key) do nothing returning 1`);

const INSERT_CALL_END_CONFLICTS = writeStatement(sql`
	insert into call_end_conflicts (delivery_id, organization_id, call_id, our_status, our_seconds, said_status,
		said_seconds, next_attempt_at, created_at)
	select "deliveryId", "organizationId", "callId", "ourStatus", "ourSeconds", "saidStatus", "saidSeconds",
		${at('createdAtMs')}, ${at('createdAtMs')}
	from json_to_recordset(${RECORDS}) as r("deliveryId" uuid, "organizationId" int,
		"callId" uuid, "ourStatus" text, "ourSeconds" int, "saidStatus" text, "saidSeconds" int,
		"createdAtMs" bigint)
	on conflict do nothing`);

/** Counts deliveries that came again, the batch's own included. */
export async function countRepeats(
	tx: PreparedTransaction,
	repeatedDeliveryIds: string[]
): Promise<void> {
	if (repeatedDeliveryIds.length === 0) return;
	await tx.run(COUNT_REPEATS, { ids: JSON.stringify(repeatedDeliveryIds) });
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
		claimed.length > 0 ? tx.run(UPDATE_DELIVERIES, { records: JSON.stringify(claimed) }) : null;
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
		records.length > 0 ? tx.run(INSERT_DELIVERIES, { records: JSON.stringify(records) }) : null;
	const [, rows] = await Promise.all([claims, inserted]);
	return rows?.length ?? 0;
}

/** Two ends of one call that differ, once for each other end. After the deliveries they came with. */
export async function insertEndConflicts(tx: PreparedTransaction, ledger: Ledger): Promise<void> {
	const { endConflicts } = ledger.rows;
	if (endConflicts.length === 0) return;
	await tx.run(INSERT_CALL_END_CONFLICTS, { records: JSON.stringify(endConflicts) });
}
