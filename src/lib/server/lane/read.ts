/**
 * The read set: everything a batch may look at, read under the organisations' locks. Locks are taken in
 * one order (organisation id, then call id), so batches of several processes never wait in a circle.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { Command } from '$lib/domain/lane/commands';
import {
	dayKey,
	organizationKey,
	providerCallKey,
	rememberCall,
	type LaneState,
	type Organization
} from '$lib/domain/lane/state';
import { parseMicros } from '$lib/domain/money';
import { localDay } from '$lib/domain/time-zone';
import type { PreparedTransaction } from '../db/prepared';
import { readCallRow, readDayRow, readDebtRow, readHoldRow, readLotRow } from './rows';

/** What the commands of a batch name. */
interface Named {
	organizationIds: number[];
	callIds: string[];
	providerCalls: { provider: string; id: string }[];
	idempotencyKeys: { organizationId: number; key: string }[];
	numbers: { organizationId: number; to: string }[];
	allocationIds: string[];
	transactionIds: string[];
	consumptions: { organizationId: number; callId: string }[];
	boundIds: { callId: string; id: string }[];
	dedupeKeys: { provider: string; key: string }[];
}

export interface ReadSet {
	state: LaneState;
	/** Deliveries of the batch that were applied before, `provider:dedupeKey`. */
	knownDeliveries: Map<string, { id: string; callId: string | null }>;
}

/** Thrown when what was named changed between naming and locking: the batch runs again. */
export class ReadSetMoved extends Error {}

export async function readState(
	tx: PreparedTransaction,
	commands: Command[],
	nowMs: number
): Promise<ReadSet> {
	const named = nameAll(commands);
	const organizations = await lockOrganizations(tx, named);
	const organizationIds = JSON.stringify([...organizations.keys()]);
	const state = emptyState(organizations);

	const [
		callRows,
		lotRows,
		debtRows,
		unmatchedRows,
		allocationRows,
		deliveryRows,
		dayRows,
		transactionRows,
		consumptionRows
	] = await Promise.all([
		rows(tx, callsQuery(named)),
		rows(tx, lotsQuery(organizationIds)),
		rows(tx, debtsQuery(organizationIds)),
		named.boundIds.length > 0 ? rows(tx, unmatchedQuery(named)) : [],
		named.allocationIds.length > 0 ? rows(tx, allocationsQuery(named)) : [],
		named.dedupeKeys.length > 0 ? rows(tx, deliveriesQuery(named)) : [],
		rows(tx, daysQuery(named, organizations, nowMs)),
		named.transactionIds.length > 0 ? rows(tx, transactionsQuery(named)) : [],
		named.consumptions.length > 0 ? rows(tx, consumptionsQuery(named)) : []
	]);

	for (const row of callRows) {
		const call = readCallRow(row);
		if (!organizations.has(call.organizationId)) throw new ReadSetMoved();
		rememberCall(state, call);
		const hold = readHoldRow(row, call);
		if (hold) state.openHolds.set(call.id, hold);
	}
	for (const row of lotRows)
		organizations.get(row.organization_id)?.credit.lots.push(readLotRow(row));
	for (const row of debtRows) {
		const debt = readDebtRow(row);
		state.openDebts.set(debt.organizationId, [
			...(state.openDebts.get(debt.organizationId) ?? []),
			debt
		]);
	}
	for (const row of unmatchedRows) {
		const key = providerCallKey(row.provider, row.provider_call_id);
		const waiting = { id: row.id, event: row.event, receivedAtMs: Number(row.received_at_ms) };
		state.unmatched.set(key, [...(state.unmatched.get(key) ?? []), waiting]);
	}
	for (const row of allocationRows) state.allocationOwners.set(row.id, row.organization_id);
	for (const row of transactionRows) state.transactionOwners.set(row.id, row.organization_id);
	for (const row of consumptionRows) {
		state.consumptions.set(organizationKey(row.organization_id, row.call_id), {
			organizationId: row.organization_id,
			externalCallId: row.call_id,
			minutes: row.minutes,
			shortMinutes: row.short_minutes
		});
	}
	for (const row of dayRows) {
		const day = readDayRow(row);
		state.days.set(dayKey(day.organizationId, day.day, day.country), day);
	}
	return {
		state,
		knownDeliveries: new Map(
			deliveryRows.map((row) => [
				`${row.provider}:${row.dedupe_key}`,
				{ id: row.id, callId: row.call_id }
			])
		)
	};
}

function nameAll(commands: Command[]): Named {
	const named: Named = {
		organizationIds: [],
		callIds: [],
		providerCalls: [],
		idempotencyKeys: [],
		numbers: [],
		allocationIds: [],
		transactionIds: [],
		consumptions: [],
		boundIds: [],
		dedupeKeys: []
	};
	for (const command of commands) nameOne(named, command);
	return named;
}

function nameOne(named: Named, command: Command): void {
	switch (command.kind) {
		case 'place_call': {
			const { organizationId, to } = command;
			named.organizationIds.push(organizationId);
			named.callIds.push(command.callId);
			named.numbers.push({ organizationId, to });
			if (command.idempotencyKey !== null) {
				named.idempotencyKeys.push({ organizationId, key: command.idempotencyKey });
			}
			return;
		}
		case 'bind_provider_call':
			named.boundIds.push({ callId: command.callId, id: command.providerCallId });
			named.providerCalls.push({ provider: command.provider, id: command.providerCallId });
			named.callIds.push(command.callId);
			return;
		case 'close_submit':
			named.callIds.push(command.callId);
			return;
		case 'apply_sweep':
			named.callIds.push(command.callId);
			if (command.finding.kind === 'event') {
				const { provider, providerCallId } = command.finding.event;
				named.providerCalls.push({ provider, id: providerCallId });
			}
			return;
		case 'apply_delivery': {
			const { event } = command;
			named.providerCalls.push({ provider: event.provider, id: event.providerCallId });
			if (event.callId !== null) named.callIds.push(event.callId);
			named.dedupeKeys.push({ provider: event.provider, key: command.dedupeKey });
			return;
		}
		case 'allocate':
			named.allocationIds.push(command.allocationId);
			named.organizationIds.push(command.organizationId);
			return;
		case 'move_money':
			named.transactionIds.push(command.transactionId);
			named.organizationIds.push(command.organizationId);
			return;
		case 'consume':
			named.consumptions.push({
				organizationId: command.organizationId,
				callId: command.externalCallId
			});
			named.organizationIds.push(command.organizationId);
			return;
		case 'meter_call':
			named.callIds.push(command.callId);
			return;
		case 'withdraw_allocation':
		case 'set_active':
			named.organizationIds.push(command.organizationId);
			return;
	}
}

/** The calls a batch names, as a sub-select that every part can use an index for. */
function namedCallIds(named: Named): SQL {
	const parts: SQL[] = [];
	if (named.callIds.length > 0) {
		parts.push(
			sql`select value::uuid as id from json_array_elements_text(${JSON.stringify(named.callIds)}::json)`
		);
	}
	if (named.providerCalls.length > 0) {
		parts.push(
			sql`select c.id from json_to_recordset(${JSON.stringify(named.providerCalls)}::json) as n(provider text, id text)
				join calls c on c.provider = n.provider and c.provider_call_id = n.id`
		);
	}
	if (named.idempotencyKeys.length > 0) {
		parts.push(
			sql`select c.id from json_to_recordset(${JSON.stringify(named.idempotencyKeys)}::json) as n("organizationId" int, key text)
				join calls c on c.organization_id = n."organizationId" and c.idempotency_key = n.key`
		);
	}
	if (named.numbers.length > 0) {
		parts.push(
			sql`select c.id from json_to_recordset(${JSON.stringify(named.numbers)}::json) as n("organizationId" int, "to" text)
				join calls c on c.organization_id = n."organizationId" and c."to" = n."to"
				and c.status in ('initiated', 'ringing', 'in_progress')`
		);
	}
	return parts.length > 0
		? sql.join(parts, sql` union `)
		: sql`select null::uuid as id where false`;
}

async function lockOrganizations(
	tx: PreparedTransaction,
	named: Named
): Promise<Map<number, Organization>> {
	const found = await rows(
		tx,
		sql`select o.id, o.name, o.timezone, o.estimate_minutes, o.billing_mode, o.deactivation_policy,
				o.overdraft_minutes, o.overdraft_amount, m.overdraft_held_minutes, b.balance, b.held_amount,
				b.debt_amount, b.overdraft_held_amount,
				m.total_minutes, m.used_minutes, m.held_minutes, m.debt_minutes, m.is_active, m.live_calls, m.live_seq
			from organization_call_minutes m join organizations o on o.id = m.organization_id
			join call_balance b on b.organization_id = m.organization_id
			where m.organization_id in (
				select value::int from json_array_elements_text(${JSON.stringify(named.organizationIds)}::json)
				union select c.organization_id from calls c where c.id in (${namedCallIds(named)}))
			order by m.organization_id for update of m, b, o`
	);
	return new Map(
		found.map((row) => [
			row.id,
			{
				id: row.id,
				name: row.name,
				timezone: row.timezone,
				isActive: row.is_active,
				estimateMinutes: row.estimate_minutes,
				deactivationPolicy: row.deactivation_policy,
				liveCalls: row.live_calls,
				liveSeq: Number(row.live_seq),
				credit: {
					totalMinutes: row.total_minutes,
					usedMinutes: row.used_minutes,
					heldMinutes: row.held_minutes,
					debtMinutes: row.debt_minutes,
					lots: [],
					balanceMicros: parseMicros(row.balance),
					heldMicros: parseMicros(row.held_amount),
					debtMicros: parseMicros(row.debt_amount),
					overdraftHeldMinutes: row.overdraft_held_minutes,
					overdraftHeldMicros: parseMicros(row.overdraft_held_amount),
					overdraftLimitMinutes: row.overdraft_minutes,
					overdraftLimitMicros: parseMicros(row.overdraft_amount),
					mode: row.billing_mode
				}
			}
		])
	);
}

function callsQuery(named: Named): SQL {
	return sql`select c.*, u.name as user_name, k.name as contact_name,
			${epochMs('c.initiated_at')} as initiated_at_ms, ${epochMs('c.ringing_at')} as ringing_at_ms,
			${epochMs('c.answered_at')} as answered_at_ms, ${epochMs('c.ended_at')} as ended_at_ms,
			h.id as hold_id, h.parts as hold_parts, ${epochMs('h.expires_at')} as hold_expires_at_ms,
			${epochMs('h.check_at')} as hold_check_at_ms, ${epochMs('h.created_at')} as hold_created_at_ms,
			${epochMs('h.meter_at')} as hold_meter_at_ms, h.wallet_amount as hold_wallet_amount,
			h.wallet_seconds as hold_wallet_seconds, h.overdraft_minutes as hold_overdraft_minutes,
			h.overdraft_amount as hold_overdraft_amount, h.overdraft_seconds as hold_overdraft_seconds,
			h.is_draining as hold_is_draining, h.is_overdraft_agreed as hold_is_overdraft_agreed
		from calls c
		left join users u on u.id = c.user_id
		left join contacts k on k.id = c.contact_id
		left join credit_holds h on h.call_id = c.id and h.state = 'open'
		where c.id in (${namedCallIds(named)})
		order by c.id for update of c`;
}

function lotsQuery(organizationIds: string): SQL {
	return sql`select id, organization_id, remaining_minutes, held_minutes, priority,
			${epochMs('expires_at')} as expires_at_ms, ${epochMs('created_at')} as created_at_ms
		from minute_allocations
		where remaining_minutes > 0 and organization_id in (${intsOf(organizationIds)})`;
}

function debtsQuery(organizationIds: string): SQL {
	return sql`select id, organization_id, call_id, minutes, remaining_minutes, amount, remaining_amount,
			${epochMs('call_start_time')} as call_start_ms, ${epochMs('call_end_time')} as call_end_ms,
			${epochMs('created_at')} as created_at_ms
		from debts where (remaining_minutes > 0 or remaining_amount > 0) and organization_id in (${intsOf(organizationIds)})`;
}

function unmatchedQuery(named: Named): SQL {
	return sql`select d.id, d.provider, d.provider_call_id, d.event, ${epochMs('d.received_at')} as received_at_ms
		from json_to_recordset(${JSON.stringify(named.boundIds)}::json) as n("callId" uuid, id text)
		join calls c on c.id = n."callId"
		join deliveries d on d.provider = c.provider and d.provider_call_id = n.id and d.state = 'unmatched'
		order by d.received_at, d.id`;
}

function allocationsQuery(named: Named): SQL {
	return sql`select id, organization_id from minute_allocations where id in (
		select value::uuid from json_array_elements_text(${JSON.stringify(named.allocationIds)}::json))`;
}

function transactionsQuery(named: Named): SQL {
	return sql`select id, organization_id from balance_transactions where id in (
		select value::uuid from json_array_elements_text(${JSON.stringify(named.transactionIds)}::json))`;
}

function consumptionsQuery(named: Named): SQL {
	return sql`select c.* from json_to_recordset(${JSON.stringify(named.consumptions)}::json)
			as n("organizationId" int, "callId" text)
		join consumptions c on c.organization_id = n."organizationId" and c.call_id = n."callId"`;
}

/**
 * Which deliveries were applied before. Read after the locks, so that of two equal deliveries in two
 * processes the second sees the first; those of no known call meet at the unique index instead.
 */
function deliveriesQuery(named: Named): SQL {
	return sql`select d.id, d.provider, d.dedupe_key, d.call_id
		from json_to_recordset(${JSON.stringify(named.dedupeKeys)}::json) as n(provider text, key text)
		join deliveries d on d.provider = n.provider and d.dedupe_key = n.key`;
}

/** The counters of today, and of every day the named calls were placed on. */
function daysQuery(named: Named, organizations: Map<number, Organization>, nowMs: number): SQL {
	const today = [...organizations.values()].map(({ id, timezone }) => ({
		organizationId: id,
		day: localDay(nowMs, timezone)
	}));
	return sql`select s.* from call_stats_daily s where (s.organization_id, s.day) in (
		select "organizationId", day from json_to_recordset(${JSON.stringify(today)}::json)
			as n("organizationId" int, day date)
		union select c.organization_id, c.local_day from calls c where c.id in (${namedCallIds(named)}))`;
}

function emptyState(organizations: Map<number, Organization>): LaneState {
	return {
		organizations,
		calls: new Map(),
		openHolds: new Map(),
		openDebts: new Map(),
		days: new Map(),
		callIdByProviderCall: new Map(),
		callIdByIdempotencyKey: new Map(),
		liveCallIdByNumber: new Map(),
		unmatched: new Map(),
		allocationOwners: new Map(),
		transactionOwners: new Map(),
		consumptions: new Map()
	};
}

function epochMs(column: string): SQL {
	return sql.raw(`(extract(epoch from ${column}) * 1000)::bigint`);
}

function intsOf(json: string): SQL {
	return sql`select value::int from json_array_elements_text(${json}::json)`;
}

// The columns are those of the query above each call; rows.ts reads them into domain types.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function rows(tx: PreparedTransaction, query: SQL): Promise<any[]> {
	return tx.run(query);
}
