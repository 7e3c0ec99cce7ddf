import { sql, type SQL } from 'drizzle-orm';
import { writeStatement } from '../../db/prepared';
import { array, writeByWay } from './parameters';

/** The calls that are named, locked, with their open holds. */
export const callsQuery = writeByWay(
	(callIds) => sql`select c.*, u.name as user_name, k.name as contact_name,
			${epochMs('c.initiated_at')} as initiated_at_ms, ${epochMs('c.ringing_at')} as ringing_at_ms,
			${epochMs('c.answered_at')} as answered_at_ms, ${epochMs('c.ended_at')} as ended_at_ms,
			${epochMs('c.provider_cost_at')} as provider_cost_at_ms, ${epochMs('c.cost_check_at')} as cost_check_at_ms,
			h.id as hold_id, h.parts as hold_parts, ${epochMs('h.expires_at')} as hold_expires_at_ms,
			${epochMs('h.check_at')} as hold_check_at_ms, ${epochMs('h.created_at')} as hold_created_at_ms,
			${epochMs('h.meter_at')} as hold_meter_at_ms, h.wallet_amount as hold_wallet_amount,
			h.wallet_seconds as hold_wallet_seconds, h.overdraft_minutes as hold_overdraft_minutes,
			h.overdraft_amount as hold_overdraft_amount, h.overdraft_seconds as hold_overdraft_seconds,
			${epochMs('h.heard_at')} as hold_heard_at_ms, h.drain_cause as hold_drain_cause,
			h.is_draining as hold_is_draining, h.is_overdraft_agreed as hold_is_overdraft_agreed
		from calls c
		left join users u on u.id = c.user_id
		left join contacts k on k.id = c.contact_id
		left join credit_holds h on h.call_id = c.id and h.state = 'open'
		where c.id = any(${callIds})
		order by c.id for update of c`
);

export const LOTS = writeStatement(sql`
	select id, organization_id, remaining_minutes, held_minutes, priority,
		${epochMs('expires_at')} as expires_at_ms, ${epochMs('created_at')} as created_at_ms
	from minute_allocations
	where remaining_minutes > 0 and organization_id = any(${array('lockedIds', 'int')})`);

export const DEBTS = writeStatement(sql`
	select id, organization_id, call_id, payment_id, minutes, remaining_minutes, amount, remaining_amount,
		${epochMs('call_start_time')} as call_start_ms, ${epochMs('call_end_time')} as call_end_ms,
		${epochMs('created_at')} as created_at_ms
	from debts
	where (remaining_minutes > 0 or remaining_amount > 0) and organization_id = any(${array('lockedIds', 'int')})`);

export const UNMATCHED = writeStatement(sql`
	select d.id, d.provider, d.provider_call_id, d.event, ${epochMs('d.received_at')} as received_at_ms
	from unnest(${array('boundCallIds', 'uuid')}, ${array('boundIds', 'text')}) as n(call_id, id)
	join calls c on c.id = n.call_id
	join deliveries d on d.provider = c.provider and d.provider_call_id = n.id and d.state = 'unmatched'
	order by d.received_at, d.id`);

export const ALLOCATIONS = writeStatement(sql`
	select id, organization_id from minute_allocations where id = any(${array('allocationIds', 'uuid')})`);

export const TRANSACTIONS = writeStatement(sql`
	select id, organization_id from balance_transactions where id = any(${array('transactionIds', 'uuid')})`);

/** Read after the locks, so that the second of two processes sees what the first has claimed. */
export const REFILLS = writeStatement(sql`
	select r.*, ${epochMs('r.look_at')} as look_at_ms from auto_refills r
	where r.organization_id = any(${array('refillingIds', 'int')})`);

export const PAYMENTS = writeStatement(sql`
	select p.*, ${epochMs('p.created_at')} as created_at_ms, ${epochMs('p.succeeded_at')} as succeeded_at_ms,
		${epochMs('p.refresh_at')} as refresh_at_ms
	from payments p where p.id = any(${array('paymentIds', 'uuid')})`);

/** Locked against a stop: it waits until what this batch places is committed. */
export const CAMPAIGNS = writeStatement(sql`
	select id, status from campaigns where id = any(${array('campaignIds', 'uuid')}) order by id for share`);

export const CONSUMPTIONS = writeStatement(sql`
	select c.*
	from unnest(${array('consumptionOwners', 'int')}, ${array('consumptionCallIds', 'text')}) as n(owner, call_id)
	join consumptions c on c.organization_id = n.owner and c.call_id = n.call_id`);

/**
 * Which deliveries were applied before. Read after the locks, so that of two equal deliveries in two
 * processes the second sees the first; those of no known call meet at the unique index instead.
 */
export const DELIVERIES = writeStatement(sql`
	select d.id, d.provider, d.dedupe_key, d.call_id, d.state
	from unnest(${array('deliveryProviders', 'text')}, ${array('dedupeKeys', 'text')}) as n(provider, key)
	join deliveries d on d.provider = n.provider and d.dedupe_key = n.key`);

/** The counters of today, and of every day the named calls were placed on. */
export const DAYS = writeStatement(sql`
	select s.* from call_stats_daily s
	where s.organization_id = any(${array('lockedIds', 'int')}) and s.day = any(${array('days', 'date')})`);

export function epochMs(column: string): SQL {
	return sql.raw(`(extract(epoch from ${column}) * 1000)::bigint`);
}
