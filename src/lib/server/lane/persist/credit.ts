import { sql } from 'drizzle-orm';
import { sumOfParts } from '$lib/domain/credit/funding';
import type { Guard } from '$lib/domain/fraud/guard';
import type { Ledger } from '../ledger';
import { at, writePart, type Write } from './records';

const INSERT_MINUTE_ALLOCATIONS = writePart(
	'minute_allocations',
	(records) => sql`
	insert into minute_allocations (id, organization_id, minutes, remaining_minutes, held_minutes, priority,
		reason, expires_at, allocated_by, created_at)
	select id, "organizationId", minutes, "remainingMinutes", "heldMinutes", priority, reason,
		${at('expiresAtMs')}, "allocatedBy", ${at('createdAtMs')}
	from json_to_recordset(${records}) as r(id uuid, "organizationId" int, minutes int, "remainingMinutes" int,
		"heldMinutes" int, priority int, reason text, "expiresAtMs" bigint, "allocatedBy" uuid, "createdAtMs" bigint)`
);

const UPDATE_MINUTE_ALLOCATIONS = writePart(
	'minute_allocations',
	(records) => sql`
	update minute_allocations a set remaining_minutes = r."remainingMinutes", held_minutes = r."heldMinutes",
		expires_at = ${at('expiresAtMs')}
	from json_to_recordset(${records}) as r(id uuid, "remainingMinutes" int, "heldMinutes" int, "expiresAtMs" bigint)
	where a.id = r.id`
);

const UPDATE_ORGANIZATION_CALL_MINUTES = writePart(
	'organization_call_minutes',
	(records) => sql`
	update organization_call_minutes m set total_minutes = r."totalMinutes", used_minutes = r."usedMinutes",
		held_minutes = r."heldMinutes", debt_minutes = r."debtMinutes",
		overdraft_held_minutes = r."overdraftHeldMinutes", is_active = r."isActive",
		live_calls = r."liveCalls", live_seq = r."liveSeq", guard_levels = r."guardLevels",
		guard_tripped_at = ${at('guardTrippedAtMs')}, guard_reason = r."guardReason", updated_at = ${at('nowMs')}
	from json_to_recordset(${records}) as r(id int, "isActive" boolean, "liveCalls" int, "liveSeq" bigint,
		"totalMinutes" int, "usedMinutes" int, "heldMinutes" int, "debtMinutes" int,
		"overdraftHeldMinutes" int, "guardLevels" jsonb, "guardTrippedAtMs" bigint, "guardReason" text,
		"nowMs" bigint)
	where m.organization_id = r.id`
);

const UPDATE_CALL_BALANCE = writePart(
	'call_balance',
	(records) => sql`
	update call_balance b set balance = r."balanceMicros", held_amount = r."heldMicros",
		debt_amount = r."debtMicros", overdraft_held_amount = r."overdraftHeldMicros", updated_at = ${at('nowMs')}
	from json_to_recordset(${records}) as r(id int, "balanceMicros" numeric, "heldMicros" numeric,
		"debtMicros" numeric, "overdraftHeldMicros" numeric, "nowMs" bigint)
	where b.organization_id = r.id`
);

const UPDATE_ORGANIZATIONS = writePart(
	'organizations',
	(records) => sql`
	update organizations o set deactivation_policy = r."deactivationPolicy"
	from json_to_recordset(${records}) as r(id int, "deactivationPolicy" text) where o.id = r.id`
);

const UPSERT_CREDIT_HOLDS = writePart(
	'credit_holds',
	(records) => sql`
	insert into credit_holds (id, organization_id, call_id, state, held_minutes, parts, wallet_amount,
		wallet_seconds, overdraft_minutes, overdraft_amount, overdraft_seconds, is_overdraft_agreed, is_draining, drain_cause,
		expires_at, heard_at, denied_after, check_at, meter_at, created_at, closed_at)
	select id, "organizationId", "callId", state, "heldMinutes", parts, "walletMicros", "walletSeconds",
		"overdraftMinutes", "overdraftMicros", "overdraftSeconds", "isOverdraftAgreed", "isDraining", "drainCause",
		${at('expiresAtMs')}, ${at('heardAtMs')}, ("deniedSinceMs" - "createdAtMs") / 1000, ${at('checkAtMs')}, ${at('meterAtMs')}, ${at('createdAtMs')},
		${at('closedAtMs')}
	from json_to_recordset(${records}) as r(id uuid, "organizationId" int, "callId" uuid, state text,
		"heldMinutes" int, parts jsonb, "walletMicros" numeric, "walletSeconds" int, "overdraftMinutes" int,
		"overdraftMicros" numeric, "overdraftSeconds" int, "isOverdraftAgreed" boolean, "isDraining" boolean, "drainCause" text,
		"expiresAtMs" bigint, "heardAtMs" bigint, "deniedSinceMs" bigint, "checkAtMs" bigint, "meterAtMs" bigint, "createdAtMs" bigint, "closedAtMs" bigint)
	on conflict (id) do update set state = excluded.state, held_minutes = excluded.held_minutes,
		parts = excluded.parts, wallet_amount = excluded.wallet_amount, wallet_seconds = excluded.wallet_seconds,
		overdraft_minutes = excluded.overdraft_minutes, overdraft_amount = excluded.overdraft_amount,
		overdraft_seconds = excluded.overdraft_seconds, is_draining = excluded.is_draining,
		drain_cause = excluded.drain_cause, heard_at = excluded.heard_at, denied_after = excluded.denied_after, check_at = excluded.check_at, meter_at = excluded.meter_at, expires_at = excluded.expires_at,
		closed_at = excluded.closed_at`
);

const INSERT_CONSUMPTIONS = writePart(
	'consumptions',
	(records) => sql`
	insert into consumptions (organization_id, call_id, minutes, short_minutes)
	select "organizationId", "externalCallId", minutes, "shortMinutes"
	from json_to_recordset(${records}) as r("organizationId" int, "externalCallId" text, minutes int,
		"shortMinutes" int)`
);

const UPSERT_DEBTS = writePart(
	'debts',
	(records) => sql`
	insert into debts (id, organization_id, call_id, payment_id, minutes, remaining_minutes, amount, remaining_amount,
		worth_minutes, per_minute, converted_minutes, converted_amount, call_start_time, call_end_time, created_at)
	select id, "organizationId", "callId", "paymentId", minutes, "remainingMinutes", "amountMicros", "remainingMicros",
		"worthMinutes", "perMinuteMicros", "convertedMinutes", "convertedMicros", ${at('callStartMs')}, ${at('callEndMs')},
		${at('createdAtMs')}
	from json_to_recordset(${records}) as r(id uuid, "organizationId" int, "callId" uuid,
		"paymentId" uuid, minutes int, "remainingMinutes" int, "amountMicros" numeric, "remainingMicros" numeric, "worthMinutes" int, "perMinuteMicros" numeric,
		"convertedMinutes" int, "convertedMicros" numeric, "callStartMs" bigint,
		"callEndMs" bigint, "createdAtMs" bigint)
	on conflict (id) do update set remaining_minutes = excluded.remaining_minutes,
		remaining_amount = excluded.remaining_amount, converted_minutes = excluded.converted_minutes,
		converted_amount = excluded.converted_amount`
);

export function writeCredit(ledger: Ledger, write: Write, nowMs: number): void {
	write(
		[...ledger.newAllocations.values()].map(({ lot, ...grant }) => ({ ...lot, ...grant })),
		INSERT_MINUTE_ALLOCATIONS
	);
	write([...ledger.lots.values()], UPDATE_MINUTE_ALLOCATIONS);
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
		guardLevels: levelsOf(organization.guard),
		guardTrippedAtMs: organization.guard.trippedAtMs,
		guardReason: organization.guard.tripReason,
		balanceMicros: organization.credit.balanceMicros,
		heldMicros: organization.credit.heldMicros,
		debtMicros: organization.credit.debtMicros,
		overdraftHeldMicros: organization.credit.overdraftHeldMicros,
		nowMs
	}));
	write(creditRows, UPDATE_ORGANIZATION_CALL_MINUTES);
	write(
		creditRows.filter(({ id }) => ledger.hasMovedMoney(id)),
		UPDATE_CALL_BALANCE
	);
	const policyRows = [...ledger.organizations.values()].filter(({ id }) => ledger.hasNewPolicy(id));
	write(
		policyRows.map(({ id, deactivationPolicy }) => ({ id, deactivationPolicy })),
		UPDATE_ORGANIZATIONS
	);
	const holdRows = [...ledger.holds.values()].map((hold) => ({
		...hold,
		heldMinutes: sumOfParts(hold.parts)
	}));
	write(holdRows, UPSERT_CREDIT_HOLDS);
	write(ledger.consumptions, INSERT_CONSUMPTIONS);
	write([...ledger.debts.values()], UPSERT_DEBTS);
}

function levelsOf({ spent, placed, suspicious }: Guard) {
	return { spent, placed, suspicious };
}
