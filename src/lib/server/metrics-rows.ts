import type { DatabaseClient } from './db/client';

/** What the database knows of the whole platform. */
export interface Gauges {
	webhookLagSeconds: number;
	webhooksWaiting: number;
	jobsWaiting: number;
	jobLagSeconds: number;
	mailsWaiting: number;
	callsLive: number;
	minutesAllocated: number;
	minutesUsed: number;
	minutesHeld: number;
	minutesOwed: number;
	walletDollars: number;
	walletHeldDollars: number;
	walletOwedDollars: number;
}

/** By partial indexes and one row per organisation: nothing here grows with the calls there were. */
export async function readGauges({ sql }: DatabaseClient): Promise<Gauges> {
	const [row] = await sql<Gauges[]>`
		select
			coalesce(extract(epoch from now() - d.oldest), 0)::float8 as "webhookLagSeconds",
			d.waiting::float8 as "webhooksWaiting",
			j.waiting::float8 as "jobsWaiting",
			coalesce(extract(epoch from now() - j.oldest), 0)::float8 as "jobLagSeconds",
			m.waiting::float8 as "mailsWaiting",
			c.live::float8 as "callsLive",
			c.total::float8 as "minutesAllocated", c.used::float8 as "minutesUsed",
			c.held::float8 as "minutesHeld", c.debt::float8 as "minutesOwed",
			w.balance::float8 as "walletDollars", w.held::float8 as "walletHeldDollars",
			w.debt::float8 as "walletOwedDollars"
		from
			(select count(*) as waiting, min(received_at) filter (where state = 'failed') as oldest
				from deliveries where state in ('failed', 'unmatched')) d,
			(select count(*) as waiting, min(run_at) as oldest
				from graphile_worker.jobs where run_at <= now() and locked_at is null and attempts < max_attempts) j,
			(select count(*) as waiting from mails where state = 'waiting') m,
			(select coalesce(sum(live_calls), 0) as live, coalesce(sum(total_minutes), 0) as total,
				coalesce(sum(used_minutes), 0) as used, coalesce(sum(held_minutes), 0) as held,
				coalesce(sum(debt_minutes), 0) as debt from organization_call_minutes) c,
			(select coalesce(sum(balance), 0) as balance, coalesce(sum(held_amount), 0) as held,
				coalesce(sum(debt_amount), 0) as debt from call_balance) w`;
	if (!row) throw new Error('The database told no gauges.');
	return row;
}
