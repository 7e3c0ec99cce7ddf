import { ANALYTICS_INVARIANTS } from './analytics-invariants';

/** The promises of the books (DESIGN.md section 3), each as a query that returns its breaches. */
export interface Invariant {
	name: string;
	/** Selects one row per breach, with one text column `breach`. */
	query: string;
}

export const INVARIANTS: Invariant[] = [
	{
		name: 'allocated minutes = used + expired + revoked + remaining, per organisation',
		query: `
			select format('organisation %s: total %s, used %s, but lots hold %s', m.organization_id,
				m.total_minutes, m.used_minutes, coalesce(a.remaining, 0)) as breach
			from organization_call_minutes m
			left join (select organization_id, sum(remaining_minutes) as remaining from minute_allocations
				group by 1) a using (organization_id)
			where m.total_minutes - m.used_minutes <> coalesce(a.remaining, 0)`
	},
	{
		name: 'allocated minutes = the allocation history',
		query: `
			select format('organisation %s: total %s, history says %s', m.organization_id, m.total_minutes,
				coalesce(h.total, 0)) as breach
			from organization_call_minutes m
			left join (select organization_id, sum(case when kind in ('revoke', 'expire') then -minutes else minutes end) as total
				from call_minutes_allocation_history group by 1) h using (organization_id)
			where m.total_minutes <> coalesce(h.total, 0)`
	},
	{
		name: 'used minutes = the usage log, per organisation and allocation',
		query: `
			select format('organisation %s: used %s, the log says %s', m.organization_id, m.used_minutes,
				coalesce(u.used, 0)) as breach
			from organization_call_minutes m
			left join (select organization_id, sum(minutes_consumed) as used from call_minutes_usage_log
				group by 1) u using (organization_id)
			where m.used_minutes <> coalesce(u.used, 0)
			union all
			select format('allocation %s: %s of %s minutes remain, the log says %s were used', a.id,
				a.remaining_minutes, a.minutes, coalesce(u.used, 0))
			from minute_allocations a
			left join (select allocation_id, sum(minutes_consumed) as used from call_minutes_usage_log
				group by 1) u on u.allocation_id = a.id
			left join (select allocation_id, sum(minutes) as gone from call_minutes_allocation_history
				where kind in ('revoke', 'expire') group by 1) g on g.allocation_id = a.id
			where a.minutes - a.remaining_minutes <> coalesce(u.used, 0) + coalesce(g.gone, 0)`
	},
	{
		name: 'held minutes = open holds, and never more than is there',
		query: `
			select format('organisation %s: held %s, open holds say %s, lots say %s, %s are there',
				m.organization_id, m.held_minutes, coalesce(h.held, 0), coalesce(a.held, 0),
				m.total_minutes - m.used_minutes) as breach
			from organization_call_minutes m
			left join (select organization_id, sum(held_minutes) as held from credit_holds
				where state = 'open' group by 1) h using (organization_id)
			left join (select organization_id, sum(held_minutes) as held from minute_allocations
				group by 1) a using (organization_id)
			where m.held_minutes <> coalesce(h.held, 0) or m.held_minutes <> coalesce(a.held, 0)
				or m.held_minutes > m.total_minutes - m.used_minutes`
	},
	{
		name: 'every live call has one open hold, every ended call none',
		query: `
			select format('call %s is %s with %s open holds', c.id, c.status, count(h.id)) as breach
			from calls c left join credit_holds h on h.call_id = c.id and h.state = 'open'
			group by c.id
			having count(h.id) <> (case when c.ended_at is null then 1 else 0 end)`
	},
	{
		name: 'every ended call is charged once: paid minutes + wallet + debt = billed minutes',
		query: `
			select format('call %s: billed %s, allocations paid %s, wallet %s s, owed %s', c.id, c.billed_minutes,
				coalesce(u.paid, 0), c.wallet_seconds, coalesce(d.remaining_minutes, 0)) as breach
			from calls c
			left join (select organization_id, call_id, sum(minutes_consumed) as paid from call_minutes_usage_log
				where not is_external group by 1, 2) u on u.organization_id = c.organization_id and u.call_id = c.id::text
			left join debts d on d.call_id = c.id
			where c.ended_at is not null and coalesce(c.billed_minutes, -1) <> coalesce(u.paid, 0)
				+ ceil(coalesce(c.wallet_seconds, 0) / 60.0) + coalesce(d.remaining_minutes - d.converted_minutes, 0)
				or c.ended_at is null and u.paid is not null`
	},
	{
		name: 'the cost of a call = what its wallet paid + what it still owes',
		query: `
			select format('call %s: cost %s, paid %s, owed %s', c.id, c.cost, coalesce(t.paid, 0),
				coalesce(d.remaining_amount, 0)) as breach
			from calls c
			left join (select call_id, sum(amount) as paid from balance_transactions
				where call_id is not null group by 1) t on t.call_id = c.id
			left join debts d on d.call_id = c.id
			where coalesce(c.cost, 0) <> coalesce(t.paid, 0) + coalesce(d.remaining_amount + d.converted_amount, 0)`
	},
	{
		name: 'balance = its transactions, each starting where the one before ended',
		query: `
			select format('organisation %s: balance %s, transactions say %s', b.organization_id, b.balance,
				coalesce(t.total, 0)) as breach
			from call_balance b
			left join (select organization_id, sum(case when type = 'debit' then -amount else amount end) as total
				from balance_transactions group by 1) t using (organization_id)
			where b.balance <> coalesce(t.total, 0)
			union all
			select format('organisation %s: transaction %s starts at %s, the one before ended at %s', organization_id,
				id, balance_before, ended) from (select *, lag(balance_after, 1, 0) over (
					partition by organization_id order by seq) as ended from balance_transactions) t
			where balance_before <> ended`
	},
	{
		name: 'held dollars = open holds, and never more than the balance',
		query: `
			select format('organisation %s: held %s, open holds say %s, balance %s', b.organization_id,
				b.held_amount, coalesce(h.held, 0), b.balance) as breach
			from call_balance b
			left join (select organization_id, sum(wallet_amount) as held from credit_holds
				where state = 'open' group by 1) h using (organization_id)
			where b.held_amount <> coalesce(h.held, 0) or b.held_amount > b.balance`
	},
	{
		name: 'agreed debt promised = open holds',
		query: `
			select format('organisation %s: promised %s min and $%s, open holds say %s min and $%s', m.organization_id,
				m.overdraft_held_minutes, b.overdraft_held_amount, coalesce(h.minutes, 0), coalesce(h.amount, 0)) as breach
			from organization_call_minutes m
			join call_balance b using (organization_id)
			left join (select organization_id, sum(overdraft_minutes) as minutes,
				sum(overdraft_amount) as amount from credit_holds where state = 'open' group by 1) h using (organization_id)
			where m.overdraft_held_minutes <> coalesce(h.minutes, 0) or b.overdraft_held_amount <> coalesce(h.amount, 0)`
	},
	{
		name: 'no entry can be changed or deleted: every table of facts has its guard',
		query: `
			select format('%s has no guard against changes', facts.name) as breach
			from unnest(array['call_minutes_usage_log', 'call_minutes_allocation_history', 'balance_transactions',
				'call_status_events', 'blocks', 'audit_log', 'live_events', 'usage_reports']) as facts(name)
			where not exists (
				select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
				where t.tgrelid = facts.name::regclass and p.proname = 'refuse_change' and t.tgenabled in ('O', 'A'))`
	},
	{
		name: 'debt dollars = open debts',
		query: `
			select format('organisation %s: debt %s, debts say %s', b.organization_id, b.debt_amount,
				coalesce(d.owed, 0)) as breach
			from call_balance b
			left join (select organization_id, sum(remaining_amount) as owed from debts group by 1) d
				using (organization_id)
			where b.debt_amount <> coalesce(d.owed, 0)`
	},
	{
		name: 'a payment that succeeded is credited once, any other never',
		query: `
			select format('payment %s is %s over %s, credited %s times, %s in all', p.id, p.state, p.amount,
				count(t.id), coalesce(sum(t.amount), 0)) as breach
			from payments p
			left join balance_transactions t on t.organization_id = p.organization_id
				and t.stripe_payment_intent_id = p.stripe_payment_intent_id and t.type = 'credit'
			group by p.id
			having case when p.state = 'succeeded' then count(t.id) <> 1 or sum(t.amount) <> p.amount
				else count(t.id) <> 0 end`
	},
	{
		name: 'what went back of a payment = taken from the wallet + owed - returned',
		query: `
			select format('payment %s: %s refunded, %s disputed, books say %s', p.id, p.refunded_amount,
				p.disputed_amount, coalesce(t.taken, 0) + coalesce(d.owed, 0)) as breach
			from payments p
			left join (select organization_id, metadata->>'payment_id' as payment_id,
				sum(case when type = 'debit' then amount else -amount end) as taken from balance_transactions
				where metadata->>'kind' in ('refund', 'dispute', 'refund_failed', 'dispute_won') group by 1, 2) t
				on t.organization_id = p.organization_id and t.payment_id = p.id::text
			left join (select payment_id, sum(amount) as owed from debts where payment_id is not null group by 1) d
				on d.payment_id = p.id
			where p.refunded_amount + p.disputed_amount <> coalesce(t.taken, 0) + coalesce(d.owed, 0)`
	},
	{
		name: 'billed minutes cover the talk, and an unanswered call is free',
		query: `
			select format('call %s: %s, %s seconds, billed %s', id, status, duration, billed_minutes) as breach
			from calls where ended_at is not null
				and billed_minutes is distinct from (case when status = 'completed' then ceil(duration / 60.0) else 0 end)`
	},
	{
		name: 'debt minutes = open debts',
		query: `
			select format('organisation %s: debt %s, debts say %s', m.organization_id, m.debt_minutes,
				coalesce(d.owed, 0)) as breach
			from organization_call_minutes m
			left join (select organization_id, sum(remaining_minutes) as owed from debts group by 1) d
				using (organization_id)
			where m.debt_minutes <> coalesce(d.owed, 0)`
	},
	{
		name: 'live calls counted = live calls',
		query: `
			select format('organisation %s: %s counted, %s live', m.organization_id, m.live_calls,
				coalesce(c.live, 0)) as breach
			from organization_call_minutes m
			left join (select organization_id, count(*) as live from calls where ended_at is null group by 1) c
				using (organization_id)
			where m.live_calls <> coalesce(c.live, 0)`
	},
	{
		name: 'used minutes of a budget = what its calls were billed, per period',
		query: `
			select format('budget %s, %s: used %s, its calls say %s', b.id, coalesce(p.period_start, c.period_start),
				coalesce(p.used_minutes, 0), coalesce(c.used, 0)) as breach
			from budgets b
			cross join lateral (
				select date_trunc(b.period, k.local_day::timestamp)::date as period_start,
					coalesce(sum(k.billed_minutes), 0) as used
				from calls k where k.organization_id = b.organization_id
					and coalesce(b.user_id, b.campaign_id) in (k.user_id, k.campaign_id) group by 1) c
			join budget_periods p on p.budget_id = b.id and p.period_start = c.period_start
			where b.is_active and p.used_minutes <> c.used
			union all
			select format('budget %s, %s: used %s without a call', p.budget_id, p.period_start, p.used_minutes)
			from budget_periods p join budgets b on b.id = p.budget_id
			where b.is_active and p.used_minutes + p.held_minutes > 0 and not exists (
				select from calls k where k.organization_id = b.organization_id
					and coalesce(b.user_id, b.campaign_id) in (k.user_id, k.campaign_id)
					and date_trunc(b.period, k.local_day::timestamp)::date = p.period_start)`
	},
	{
		name: 'held minutes of a budget = open holds of its calls, per period',
		query: `
			select format('budget %s, %s: held %s, open holds say %s', b.id, h.period_start,
				coalesce(p.held_minutes, 0), coalesce(h.held, 0)) as breach
			from budgets b
			cross join lateral (
				select date_trunc(b.period, k.local_day::timestamp)::date as period_start,
					coalesce(sum(o.held_minutes + (o.wallet_seconds + o.overdraft_seconds) / 60), 0) as held
				from calls k left join credit_holds o on o.call_id = k.id and o.state = 'open'
				where k.organization_id = b.organization_id
					and coalesce(b.user_id, b.campaign_id) in (k.user_id, k.campaign_id) group by 1) h
			left join budget_periods p on p.budget_id = b.id and p.period_start = h.period_start
			where b.is_active and coalesce(p.held_minutes, 0) <> h.held`
	},
	{
		name: 'a delivery changed its call at most once',
		query: `
			select format('delivery %s was applied %s times', delivery_id, count(*)) as breach
			from call_status_events where delivery_id is not null group by delivery_id having count(*) > 1`
	},
	{
		name: 'a delivery that was put off has a time for its next try',
		query: `
			select format('delivery %s of %s was put off for ever', id, provider_call_id) as breach
			from deliveries where state = 'received' and next_attempt_at is null`
	},
	{
		name: "a provider's price is waited for only after the end, and asked for",
		query: `
			select format('call %s: %s, price %s, asked for at %s', id, status, cost_state,
				coalesce(cost_check_at::text, 'no time')) as breach
			from calls where cost_state = 'pending' and (ended_at is null or cost_check_at is null)`
	},
	{
		name: 'the status of a call never fell',
		query: `
			select format('call %s: %s after a final status', call_id, status) as breach from (
				select call_id, status, effect,
					lag(status) over (partition by call_id order by id) as before
				from call_status_events where effect = 'advanced') e
			where before in ('completed', 'failed', 'cancelled')
				or (before = 'in_progress' and status in ('initiated', 'ringing'))
				or (before = 'ringing' and status = 'initiated')`
	},
	{
		name: 'live events are numbered without a gap',
		query: `
			select format('organisation %s: last event %s, %s events from %s to %s', m.organization_id, m.live_seq,
				e.events, e.first, e.last) as breach
			from organization_call_minutes m
			join (select organization_id, count(*) as events, min(seq) as first, max(seq) as last
				from live_events group by 1) e using (organization_id)
			where e.last <> m.live_seq or e.events <> e.last - e.first + 1`
	},
	{
		name: 'nothing of one organisation refers to another',
		query: `
			select format('call %s of organisation %s: user of %s', c.id, c.organization_id, u.organization_id) as breach
			from calls c join users u on u.id = c.user_id
			where u.organization_id is not null and u.organization_id <> c.organization_id
			union all
			select format('event %s of call %s', e.id, e.call_id)
			from call_status_events e join calls c on c.id = e.call_id where c.organization_id <> e.organization_id
			union all
			select format('delivery %s of call %s', d.id, d.call_id)
			from deliveries d join calls c on c.id = d.call_id where c.organization_id <> d.organization_id`
	},
	{
		name: 'receipts of a day = the entries of that day, in minutes and dollars',
		query: `
			select format('organisation %s, %s: receipts say %s min and $%s, entries %s min and $%s', organization_id,
				coalesce(day::text, 'no day'), sum(receipt_minutes), sum(receipt_amount), sum(entry_minutes),
				sum(entry_amount)) as breach
			from (
				select c.organization_id, (c.ended_at at time zone 'UTC')::date as day,
					c.billed_minutes - ceil(coalesce(c.wallet_seconds, 0) / 60.0) - coalesce(d.remaining_minutes - d.converted_minutes, 0)
						as receipt_minutes,
					coalesce(c.cost, 0) - coalesce(d.remaining_amount + d.converted_amount, 0) as receipt_amount,
					0 as entry_minutes, 0 as entry_amount
				from calls c left join debts d on d.call_id = c.id where c.ended_at is not null
				union all
				select organization_id, (select (min(u.call_end_time) at time zone 'UTC')::date
						from call_minutes_usage_log u
						where u.organization_id = s.organization_id and u.call_id = s.call_id and u.is_external), minutes, 0, 0, 0
				from consumptions s where minutes > 0
				union all
				select organization_id, (call_end_time at time zone 'UTC')::date, 0, 0, minutes_consumed, 0
				from call_minutes_usage_log
				union all
				select t.organization_id, (c.ended_at at time zone 'UTC')::date, 0, 0, 0, t.amount
				from balance_transactions t
				left join calls c on c.organization_id = t.organization_id and c.id = t.call_id
				where t.call_id is not null) books
			group by organization_id, day
			having sum(receipt_minutes) <> sum(entry_minutes) or sum(receipt_amount) <> sum(entry_amount)`
	},
	{
		name: 'counters of campaigns = their leads',
		query: `
			select format('campaign %s counts %s, its leads say %s', c.id, concat_ws('/', c.waiting_leads,
				c.calling_leads, c.answered_leads, c.unreached_leads, c.skipped_leads, c.attempts), n.counted) as breach
			from campaigns c
			join lateral (select concat_ws('/', count(*) filter (where state = 'waiting'),
					count(*) filter (where state = 'calling'), count(*) filter (where state = 'answered'),
					count(*) filter (where state = 'unreached'), count(*) filter (where state = 'skipped'),
					coalesce(sum(attempts), 0)) as counted
				from campaign_leads l where l.campaign_id = c.id) n on true
			where n.counted <> concat_ws('/', c.waiting_leads, c.calling_leads, c.answered_leads, c.unreached_leads,
				c.skipped_leads, c.attempts)`
	},
	...ANALYTICS_INVARIANTS
];
