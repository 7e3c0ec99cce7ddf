/**
 * What the lane is compared with: one callback, one interactive transaction, each statement awaited. It
 * leaves the same rows as the lane and does no more than it must: begin, insert the delivery, lock the
 * organisation, lock the call, update the call, update the organisation, insert status event and live
 * events, commit; a final event also closes the hold and pays the minutes.
 */
import type postgres from 'postgres';
import { applyEvent } from '$lib/domain/call/apply-event';
import type { Call } from '$lib/domain/call/call';
import { isTerminal } from '$lib/domain/call/status';
import type { Hold } from '$lib/domain/credit/types';
import type { ApplyDelivery, Results } from '$lib/domain/lane/commands';
import { readCallRow, readHoldRow } from '$lib/server/lane/rows';
import { toCallView } from '$lib/server/lane/views';
import type { MetricsView, MinutesView } from '$lib/views';

interface OrganizationRow {
	id: number;
	name: string;
	timezone: string;
	is_active: boolean;
	total_minutes: number;
	used_minutes: number;
	held_minutes: number;
	debt_minutes: number;
	live_calls: number;
	live_seq: string;
}

type Answer = Results['apply_delivery'];

export async function applyInTransaction(
	sql: postgres.Sql,
	command: ApplyDelivery
): Promise<Answer> {
	return sql.begin(async (tx) => {
		const { event } = command;
		const receivedAt = new Date();
		const [delivery] = await tx`
			insert into deliveries (id, provider, dedupe_key, provider_call_id, state, organization_id, call_id, body,
				event, received_at)
			select ${command.deliveryId}, ${event.provider}, ${command.dedupeKey}, ${event.providerCallId}, 'applied',
				organization_id, id, ${tx.json(command.body)}, ${JSON.stringify(event)}::jsonb, ${receivedAt}
			from calls where id = ${event.callId}
			on conflict (provider, dedupe_key) do nothing returning id`;
		if (!delivery) return { kind: 'duplicate', callId: event.callId, note: null };
		const [organization] = await tx<OrganizationRow[]>`
			select o.id, o.name, o.timezone, m.* from organization_call_minutes m
			join organizations o on o.id = m.organization_id
			where m.organization_id = (select organization_id from calls where id = ${event.callId})
			for update of m`;
		const [row] = await tx`
			select c.*, c.local_day::text as local_day, u.name as user_name, k.name as contact_name, h.id as hold_id, h.parts as hold_parts,
				h.wallet_amount as hold_wallet_amount, h.wallet_seconds as hold_wallet_seconds,
				h.overdraft_minutes as hold_overdraft_minutes, h.overdraft_amount as hold_overdraft_amount,
				h.overdraft_seconds as hold_overdraft_seconds, h.is_draining as hold_is_draining,
				h.is_overdraft_agreed as hold_is_overdraft_agreed,
				(extract(epoch from c.initiated_at) * 1000)::bigint as initiated_at_ms,
				(extract(epoch from c.ringing_at) * 1000)::bigint as ringing_at_ms,
				(extract(epoch from c.answered_at) * 1000)::bigint as answered_at_ms,
				(extract(epoch from c.ended_at) * 1000)::bigint as ended_at_ms
			from calls c
			left join users u on u.id = c.user_id
			left join contacts k on k.id = c.contact_id
			left join credit_holds h on h.call_id = c.id and h.state = 'open'
			where c.id = ${event.callId} for update of c`;
		if (!organization || !row) throw new Error(`Call ${event.callId} is not there.`);
		const call = readCallRow(row);
		const { call: next, effect, note } = applyEvent(call, event, receivedAt.getTime());
		await tx`
			insert into call_status_events (organization_id, call_id, delivery_id, source, status, raw_status, effect,
				occurred_at, received_at)
			values (${call.organizationId}, ${call.id}, ${command.deliveryId}, 'provider', ${event.status ?? 'unknown'},
				${event.rawStatus}, ${effect}, ${toDate(event.occurredAtMs) ?? receivedAt}, ${receivedAt})`;
		if (effect === 'none') return { kind: 'applied', callId: call.id, note };
		const hasEnded = isTerminal(next.status);
		const liveSeq = Number(organization.live_seq) + 1;
		const told = { ...next, liveSeq };
		await updateCall(tx, told);
		if (hasEnded) await settle(tx, organization, told, readHoldRow(row, call));
		else await tellCall(tx, organization, told);
		return { kind: 'applied', callId: call.id, note };
	});
}

async function updateCall(tx: postgres.TransactionSql, call: Call): Promise<void> {
	await tx`
		update calls set status = ${call.status}, end_reason = ${call.endReason},
			ringing_at = ${toDate(call.ringingAtMs)}, answered_at = ${toDate(call.answeredAtMs)},
			answered_estimated = ${call.answeredEstimated}, ended_at = ${toDate(call.endedAtMs)},
			duration = ${call.talkSeconds}, billed_minutes = ${call.billedMinutes}, wallet_seconds = 0, cost = 0,
			live_seq = ${call.liveSeq}
		where id = ${call.id}`;
}

async function tellCall(
	tx: postgres.TransactionSql,
	organization: OrganizationRow,
	call: Call
): Promise<void> {
	const payload = toCallView(call, organization.name, null);
	await tx`
		update organization_call_minutes set live_seq = ${call.liveSeq}, updated_at = now()
		where organization_id = ${organization.id}`;
	await tx`
		insert into live_events (organization_id, seq, name, payload)
		values (${organization.id}, ${call.liveSeq}, 'call:updated', ${tx.json({ ...payload })})`;
}

/** Closes the hold, pays the minutes from the allocation that lent them, and tells all three. */
async function settle(
	tx: postgres.TransactionSql,
	organization: OrganizationRow,
	call: Call,
	hold: Hold | null
): Promise<void> {
	const billed = call.billedMinutes ?? 0;
	const [part] = hold?.parts ?? [];
	if (!hold || !part || billed > part.minutes) throw new Error(`Call ${call.id} is not covered.`);
	await tx`update credit_holds set state = 'settled', closed_at = now() where id = ${hold.id}`;
	await tx`
		update minute_allocations set remaining_minutes = remaining_minutes - ${billed},
			held_minutes = held_minutes - ${part.minutes} where id = ${part.allocationId}`;
	await tx`
		insert into call_minutes_usage_log (organization_id, call_id, allocation_id, minutes_consumed,
			call_start_time, call_end_time)
		values (${call.organizationId}, ${call.id}, ${part.allocationId}, ${billed},
			${toDate(call.answeredAtMs ?? call.initiatedAtMs)}, ${toDate(call.endedAtMs)})`;
	const [day] = await tx`
		update call_stats_daily set completed = completed + 1, talk_seconds = talk_seconds + ${call.talkSeconds},
			billed_minutes = billed_minutes + ${billed}
		where organization_id = ${call.organizationId} and day = ${call.localDay} and country = ${call.country}
		returning total, completed, failed, cancelled, talk_seconds::float as "talkSeconds",
			billed_minutes::float as "billedMinutes"`;
	await tx`update contacts set last_called_at = ${toDate(call.endedAtMs)} where id = ${call.contactId}`;
	const [after] = await tx<OrganizationRow[]>`
		update organization_call_minutes set used_minutes = used_minutes + ${billed},
			held_minutes = held_minutes - ${part.minutes}, live_calls = live_calls - 1,
			live_seq = live_seq + 3, updated_at = now()
		where organization_id = ${call.organizationId} returning *`;
	if (!after || !day) throw new Error(`Organization ${call.organizationId} is not there.`);
	const minutes: MinutesView = {
		organizationId: call.organizationId,
		organizationName: organization.name,
		isActive: after.is_active,
		totalMinutes: after.total_minutes,
		usedMinutes: after.used_minutes,
		heldMinutes: after.held_minutes,
		remainingMinutes: after.total_minutes - after.used_minutes - after.held_minutes,
		debtMinutes: after.debt_minutes,
		liveCalls: after.live_calls,
		version: call.liveSeq + 1
	};
	const metrics = {
		...(day as Omit<MetricsView, 'organizationId' | 'day' | 'timezone' | 'liveCalls' | 'version'>),
		organizationId: call.organizationId,
		day: call.localDay,
		timezone: organization.timezone,
		liveCalls: after.live_calls,
		version: call.liveSeq + 2
	} satisfies MetricsView;
	await tx`
		insert into live_events (organization_id, seq, name, payload) values
			(${call.organizationId}, ${call.liveSeq}, 'call:updated', ${tx.json({ ...toCallView(call, organization.name, null) })}),
			(${call.organizationId}, ${call.liveSeq + 1}, 'minutes:updated', ${tx.json({ ...minutes })}),
			(${call.organizationId}, ${call.liveSeq + 2}, 'metrics:updated', ${tx.json({ ...metrics })})`;
}

function toDate(atMs: number | null): Date | null {
	return atMs === null ? null : new Date(atMs);
}
