/**
 * The write set: each table once per batch, as one statement over JSON records. One text parameter per
 * statement keeps the statement the same whatever the size of the batch.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { ApplyDelivery } from '$lib/domain/lane/commands';
import type { Call } from '$lib/domain/call/call';
import { sumOfParts } from '$lib/domain/credit/funding';
import { formatMicros } from '$lib/domain/money';
import type { PreparedTransaction } from '../db/prepared';
import type { Ledger } from './ledger';

/** Two processes met at a key that no lock covers: the batch runs again and sees the other's row. */
export class KeyTaken extends Error {}

export interface NewDelivery {
	command: ApplyDelivery;
	receivedAtMs: number;
}

export async function persist(
	tx: PreparedTransaction,
	ledger: Ledger,
	newDeliveries: NewDelivery[],
	repeatedDeliveryIds: string[],
	nowMs: number
): Promise<void> {
	const statements: Promise<unknown>[] = [];
	const write = (records: object[], statement: (records: SQL) => SQL) => {
		if (records.length === 0) return;
		statements.push(tx.run(statement(sql`${toJson(records)}::json`)));
	};
	writeCalls(ledger, write);
	writeCredit(ledger, write, nowMs);
	writeFacts(ledger, write);
	writeDays(ledger, write);
	// Sent together: the driver pipelines them on the transaction's connection, in this order.
	const writes = Promise.all(statements);
	const [insertedCount] = await Promise.all([
		insertDeliveries(tx, ledger, newDeliveries),
		countRepeats(tx, repeatedDeliveryIds),
		writes
	]);
	if (insertedCount !== newDeliveries.length) throw new KeyTaken();
}

/** Every bigint in a record is micro-dollars, and goes to SQL as exact decimal text. */
function toJson(records: object[]): string {
	return JSON.stringify(records, (_name, value: unknown) =>
		typeof value === 'bigint' ? formatMicros(value, 6) : value
	);
}

type Write = (records: object[], statement: (records: SQL) => SQL) => void;

function writeCalls(ledger: Ledger, write: Write): void {
	write(
		[...ledger.newCalls.values()].map(toCallRecord),
		(records) => sql`
		insert into calls (id, organization_id, user_id, contact_id, provider, provider_call_id, submit_state,
			idempotency_key, "from", "to", country, local_day, status, end_reason, initiated_at, ringing_at,
			answered_at, answered_estimated, ended_at, duration, billed_minutes, time_limit_seconds, live_seq,
			rate_prefix, rate_per_minute, rate_initial_seconds, rate_increment_seconds, wallet_seconds, cost)
		select id, "organizationId", "userId", "contactId", provider, "providerCallId", "submitState",
			"idempotencyKey", "from", "to", country, "localDay", status, "endReason", ${at('initiatedAtMs')},
			${at('ringingAtMs')}, ${at('answeredAtMs')}, "answeredEstimated", ${at('endedAtMs')}, "talkSeconds",
			"billedMinutes", "timeLimitSeconds", "liveSeq", "ratePrefix", "ratePerMinute",
			"rateInitialSeconds", "rateIncrementSeconds", "walletSeconds", "costMicros"
		from json_to_recordset(${records}) as r(id uuid, "organizationId" int, "userId" uuid, "contactId" uuid,
			provider text, "providerCallId" text, "submitState" text, "idempotencyKey" text, "from" text, "to" text,
			country text, "localDay" date, status text, "endReason" text, "initiatedAtMs" bigint,
			"ringingAtMs" bigint, "answeredAtMs" bigint, "answeredEstimated" boolean, "endedAtMs" bigint,
			"talkSeconds" int, "billedMinutes" int, "timeLimitSeconds" int, "liveSeq" bigint, "ratePrefix" text,
			"ratePerMinute" numeric, "rateInitialSeconds" int, "rateIncrementSeconds" int, "walletSeconds" int,
			"costMicros" numeric)`
	);
	write(
		[...ledger.calls.values()],
		(records) => sql`
		update calls c set provider_call_id = r."providerCallId", submit_state = r."submitState",
			status = r.status, end_reason = r."endReason", ringing_at = ${at('ringingAtMs')},
			answered_at = ${at('answeredAtMs')}, answered_estimated = r."answeredEstimated",
			ended_at = ${at('endedAtMs')}, duration = r."talkSeconds", billed_minutes = r."billedMinutes",
			time_limit_seconds = r."timeLimitSeconds", live_seq = r."liveSeq", wallet_seconds = r."walletSeconds", cost = r."costMicros"
		from json_to_recordset(${records}) as r(id uuid, "providerCallId" text, "submitState" text, status text,
			"endReason" text, "ringingAtMs" bigint, "answeredAtMs" bigint, "answeredEstimated" boolean,
			"endedAtMs" bigint, "talkSeconds" int, "billedMinutes" int, "liveSeq" bigint, "walletSeconds" int,
			"costMicros" numeric, "timeLimitSeconds" int)
		where c.id = r.id`
	);
	const endedContacts = [...ledger.calls.values()].filter(
		(call) => call.contactId !== null && call.status === 'completed'
	);
	write(
		endedContacts,
		(records) => sql`
		update contacts k set last_called_at = greatest(k.last_called_at, ${at('endedAtMs')})
		from (select "contactId", max("endedAtMs") as "endedAtMs"
			from json_to_recordset(${records}) as x("contactId" uuid, "endedAtMs" bigint) group by 1) r
		where k.id = r."contactId"`
	);
}

function writeCredit(ledger: Ledger, write: Write, nowMs: number): void {
	write(
		[...ledger.newAllocations.values()].map(({ lot, ...grant }) => ({ ...lot, ...grant })),
		(records) => sql`
		insert into minute_allocations (id, organization_id, minutes, remaining_minutes, held_minutes, priority,
			reason, expires_at, allocated_by, created_at)
		select id, "organizationId", minutes, "remainingMinutes", "heldMinutes", priority, reason,
			${at('expiresAtMs')}, "allocatedBy", ${at('createdAtMs')}
		from json_to_recordset(${records}) as r(id uuid, "organizationId" int, minutes int, "remainingMinutes" int,
			"heldMinutes" int, priority int, reason text, "expiresAtMs" bigint, "allocatedBy" uuid, "createdAtMs" bigint)`
	);
	write(
		[...ledger.lots.values()],
		(records) => sql`
		update minute_allocations a set remaining_minutes = r."remainingMinutes", held_minutes = r."heldMinutes",
			expires_at = ${at('expiresAtMs')}
		from json_to_recordset(${records}) as r(id uuid, "remainingMinutes" int, "heldMinutes" int, "expiresAtMs" bigint)
		where a.id = r.id`
	);
	const creditRows = [...ledger.organizations.values()].map((organization) => ({
		id: organization.id,
		isActive: organization.isActive,
		liveCalls: organization.liveCalls,
		liveSeq: organization.liveSeq,
		totalMinutes: organization.credit.totalMinutes,
		usedMinutes: organization.credit.usedMinutes,
		heldMinutes: organization.credit.heldMinutes,
		debtMinutes: organization.credit.debtMinutes,
		overdraftHeldMinutes: organization.credit.overdraftHeldMinutes,
		balanceMicros: organization.credit.balanceMicros,
		heldMicros: organization.credit.heldMicros,
		debtMicros: organization.credit.debtMicros,
		overdraftHeldMicros: organization.credit.overdraftHeldMicros,
		nowMs
	}));
	write(
		creditRows,
		(records) => sql`
		update organization_call_minutes m set total_minutes = r."totalMinutes", used_minutes = r."usedMinutes",
			held_minutes = r."heldMinutes", debt_minutes = r."debtMinutes",
			overdraft_held_minutes = r."overdraftHeldMinutes", is_active = r."isActive",
			live_calls = r."liveCalls", live_seq = r."liveSeq", updated_at = ${at('nowMs')}
		from json_to_recordset(${records}) as r(id int, "isActive" boolean, "liveCalls" int, "liveSeq" bigint,
			"totalMinutes" int, "usedMinutes" int, "heldMinutes" int, "debtMinutes" int,
			"overdraftHeldMinutes" int, "nowMs" bigint)
		where m.organization_id = r.id`
	);
	write(
		creditRows.filter(({ id }) => ledger.hasMovedMoney(id)),
		(records) => sql`
		update call_balance b set balance = r."balanceMicros", held_amount = r."heldMicros",
			debt_amount = r."debtMicros", overdraft_held_amount = r."overdraftHeldMicros", updated_at = ${at('nowMs')}
		from json_to_recordset(${records}) as r(id int, "balanceMicros" numeric, "heldMicros" numeric,
			"debtMicros" numeric, "overdraftHeldMicros" numeric, "nowMs" bigint)
		where b.organization_id = r.id`
	);
	const policyRows = [...ledger.organizations.values()].filter(({ id }) => ledger.hasNewPolicy(id));
	write(
		policyRows.map(({ id, deactivationPolicy }) => ({ id, deactivationPolicy })),
		(records) => sql`
		update organizations o set deactivation_policy = r."deactivationPolicy"
		from json_to_recordset(${records}) as r(id int, "deactivationPolicy" text) where o.id = r.id`
	);
	const holdRows = [...ledger.holds.values()].map((hold) => ({
		...hold,
		heldMinutes: sumOfParts(hold.parts)
	}));
	write(
		holdRows,
		(records) => sql`
		insert into credit_holds (id, organization_id, call_id, state, held_minutes, parts, wallet_amount,
			wallet_seconds, overdraft_minutes, overdraft_amount, overdraft_seconds, is_overdraft_agreed, is_draining, expires_at,
			check_at, meter_at, created_at, closed_at)
		select id, "organizationId", "callId", state, "heldMinutes", parts, "walletMicros", "walletSeconds",
			"overdraftMinutes", "overdraftMicros", "overdraftSeconds", "isOverdraftAgreed", "isDraining", ${at('expiresAtMs')},
			${at('checkAtMs')}, ${at('meterAtMs')}, ${at('createdAtMs')}, ${at('closedAtMs')}
		from json_to_recordset(${records}) as r(id uuid, "organizationId" int, "callId" uuid, state text,
			"heldMinutes" int, parts jsonb, "walletMicros" numeric, "walletSeconds" int, "overdraftMinutes" int,
			"overdraftMicros" numeric, "overdraftSeconds" int, "isOverdraftAgreed" boolean, "isDraining" boolean, "expiresAtMs" bigint,
			"checkAtMs" bigint, "meterAtMs" bigint, "createdAtMs" bigint, "closedAtMs" bigint)
		on conflict (id) do update set state = excluded.state, held_minutes = excluded.held_minutes,
			parts = excluded.parts, wallet_amount = excluded.wallet_amount, wallet_seconds = excluded.wallet_seconds,
			overdraft_minutes = excluded.overdraft_minutes, overdraft_amount = excluded.overdraft_amount,
			overdraft_seconds = excluded.overdraft_seconds, is_draining = excluded.is_draining,
			check_at = excluded.check_at, meter_at = excluded.meter_at, expires_at = excluded.expires_at,
			closed_at = excluded.closed_at`
	);
	write(
		ledger.consumptions,
		(records) => sql`
		insert into consumptions (organization_id, call_id, minutes, short_minutes)
		select "organizationId", "externalCallId", minutes, "shortMinutes"
		from json_to_recordset(${records}) as r("organizationId" int, "externalCallId" text, minutes int,
			"shortMinutes" int)`
	);
	write(
		[...ledger.debts.values()],
		(records) => sql`
		insert into debts (id, organization_id, call_id, minutes, remaining_minutes, amount, remaining_amount,
			call_start_time, call_end_time, created_at)
		select id, "organizationId", "callId", minutes, "remainingMinutes", "amountMicros", "remainingMicros",
			${at('callStartMs')}, ${at('callEndMs')},
			${at('createdAtMs')}
		from json_to_recordset(${records}) as r(id uuid, "organizationId" int, "callId" uuid, minutes int,
			"remainingMinutes" int, "amountMicros" numeric, "remainingMicros" numeric, "callStartMs" bigint,
			"callEndMs" bigint, "createdAtMs" bigint)
		on conflict (id) do update set remaining_minutes = excluded.remaining_minutes,
			remaining_amount = excluded.remaining_amount`
	);
}

function writeFacts(ledger: Ledger, write: Write): void {
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
		insert into blocks (organization_id, user_id, "to", code, message, numbers, created_at)
		select "organizationId", "userId", "to", code, message, numbers, ${at('createdAtMs')}
		from json_to_recordset(${records}) as r("organizationId" int, "userId" uuid, "to" text, code text,
			message text, numbers jsonb, "createdAtMs" bigint)`
	);
	write(
		ledger.rows.audit,
		(records) => sql`
		insert into audit_log (organization_id, actor_kind, actor_user_id, action, before, after, created_at)
		select "organizationId", "actorKind", "actorUserId", action, before, after, ${at('createdAtMs')}
		from json_to_recordset(${records}) as r("organizationId" int, "actorKind" text, "actorUserId" uuid,
			action text, before jsonb, after jsonb, "createdAtMs" bigint)`
	);
	write(
		ledger.rows.transactions,
		(records) => sql`
		insert into balance_transactions (id, organization_id, amount, type, description, balance_before, balance_after,
			call_id, metadata, created_at)
		select coalesce(id, gen_random_uuid()), "organizationId", "amountMicros", type, description,
			"balanceBeforeMicros", "balanceAfterMicros", "callId", metadata, ${at('createdAtMs')}
		from json_to_recordset(${records}) as r(id uuid, "organizationId" int, "amountMicros" numeric, type text,
			description text, "balanceBeforeMicros" numeric, "balanceAfterMicros" numeric, "callId" uuid,
			metadata jsonb, "createdAtMs" bigint)`
	);
	write(
		ledger.events,
		(records) => sql`
		insert into live_events (organization_id, seq, name, payload)
		select "organizationId", seq, name, payload
		from json_to_recordset(${records}) as r("organizationId" int, seq bigint, name text, payload jsonb)`
	);
}

function writeDays(ledger: Ledger, write: Write): void {
	write(
		[...ledger.days.values()],
		(records) => sql`
		insert into call_stats_daily (organization_id, day, country, total, completed, failed, cancelled,
			talk_seconds, billed_minutes)
		select "organizationId", day, country, total, completed, failed, cancelled, "talkSeconds", "billedMinutes"
		from json_to_recordset(${records}) as r("organizationId" int, day date, country text, total int,
			completed int, failed int, cancelled int, "talkSeconds" bigint, "billedMinutes" bigint)
		on conflict (organization_id, day, country) do update set total = excluded.total,
			completed = excluded.completed, failed = excluded.failed, cancelled = excluded.cancelled,
			talk_seconds = excluded.talk_seconds, billed_minutes = excluded.billed_minutes`
	);
}

/** Counts deliveries that came again, the batch's own included. */
async function countRepeats(tx: PreparedTransaction, repeatedDeliveryIds: string[]): Promise<void> {
	if (repeatedDeliveryIds.length === 0) return;
	await tx.run(sql`
		update deliveries d set repeats = d.repeats + n.times
		from (select value::uuid as id, count(*) as times
			from json_array_elements_text(${JSON.stringify(repeatedDeliveryIds)}::json) group by 1) n
		where d.id = n.id`);
}

/** Inserts the batch's deliveries with their outcome; updates those that had waited unmatched. */
async function insertDeliveries(
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
			call_id = r."callId"
		from json_to_recordset(${JSON.stringify(claimed)}::json) as r(id uuid, state text, note text,
			"organizationId" int, "callId" uuid)
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
			body, event, received_at)
		select id, provider, "dedupeKey", "providerCallId", state, note, "organizationId", "callId", body, event,
			${at('receivedAtMs')}
		from json_to_recordset(${JSON.stringify(records)}::json) as r(id uuid, provider text, "dedupeKey" text,
			"providerCallId" text, state text, note text, "organizationId" int, "callId" uuid, body jsonb,
			event jsonb, "receivedAtMs" bigint)
		on conflict (provider, dedupe_key) do nothing returning 1`)
			: null;
	const [, rows] = await Promise.all([claims, inserted]);
	return rows?.length ?? 0;
}

/** The columns of a call whose rate is one value in the domain. */
function toCallRecord(call: Call) {
	const { rate } = call;
	return {
		...call,
		ratePrefix: rate.prefix,
		ratePerMinute: rate.perMinuteMicros,
		rateInitialSeconds: rate.initialSeconds,
		rateIncrementSeconds: rate.incrementSeconds
	};
}

/** Milliseconds of the record as a moment. */
function at(column: string): SQL {
	return sql.raw(`to_timestamp(r."${column}" / 1000.0)`);
}
