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
			${epochMs('h.heard_at')} as hold_heard_at_ms, ${epochMs('h.created_at')} + h.denied_after * 1000 as hold_denied_since_ms, h.drain_cause as hold_drain_cause,
			h.is_draining as hold_is_draining, h.is_overdraft_agreed as hold_is_overdraft_agreed
		from calls c
		left join users u on u.id = c.user_id
		left join contacts k on k.id = c.contact_id
		left join lateral (select * from credit_holds where call_id = c.id and state = 'open' limit 1) h on true
		where c.id = any(${callIds})
		order by c.id for update of c`
);

export const DEBTS = writeStatement(sql`
	select id, organization_id, call_id, payment_id, minutes, remaining_minutes, amount, remaining_amount,
		worth_minutes, per_minute, converted_minutes, converted_amount,
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

/** Each kind of what stands around, as a list of its own. */
const AROUND_COLUMNS = sql`
	(select json_agg(l) from (
		select id, organization_id, remaining_minutes, held_minutes, priority,
			${epochMs('expires_at')} as expires_at_ms, ${epochMs('created_at')} as created_at_ms
		from minute_allocations
		where remaining_minutes > 0 and organization_id = any(${array('lockedIds', 'int')})) l) as lots,
	(select json_agg(d) from (
		select s.organization_id, s.day, s.country, s.total, s.completed, s.failed, s.cancelled, s.talk_seconds,
			s.billed_minutes
		from call_stats_daily s
		where s.organization_id = any(${array('lockedIds', 'int')}) and s.day = any(${array('days', 'date')})) d) as days,
	(select json_agg(b) from (
		select b.id, b.organization_id, b.scope, coalesce(b.user_id, b.campaign_id) as subject_id,
			coalesce(u.name, k.name) as subject_name, b.period, b.limit_minutes,
			p.period_start, p.used_minutes, p.held_minutes
		from budgets b
		left join users u on u.id = b.user_id
		left join campaigns k on k.id = b.campaign_id
		left join budget_periods p on p.budget_id = b.id and p.period_start = any(${array('starts', 'date')})
		where b.is_active and b.organization_id = any(${array('lockedIds', 'int')})
			and (coalesce(b.user_id, b.campaign_id) = any(${array('subjectIds', 'uuid')})
				or b.id = any(${array('budgetIds', 'uuid')}))) b) as budgets`;

/** Lots with minutes left, counters of the named days, and budgets with what their periods have seen: one row. */
export const AROUND = writeStatement(sql`select ${AROUND_COLUMNS}`);

/** The same, and which calls are there already of those that are to be placed. */
export const aroundNewCalls = writeByWay(
	(callIds) => sql`
	select (select json_agg(c.id) from calls c where c.id = any(${callIds})) as call_ids, ${AROUND_COLUMNS}`
);

export function epochMs(column: string): SQL {
	return sql.raw(`(extract(epoch from ${column}) * 1000)::bigint`);
}
