/**
 * Synthetic history for demos and for measuring at scale: realistic calls over past days, written set by
 * set with the books they belong in, so that `reconcile` stays clean. No live events and no timelines.
 */
import type postgres from 'postgres';
import { v7 as uuid } from 'uuid';
import { addDays } from '$lib/domain/analytics/period';
import { localDay } from '$lib/domain/time-zone';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { addToBreakdowns } from './breakdown-rows';

export interface LoadedHistory {
	calls: number;
	days: number;
	firstDay: string;
	lastDay: string;
}

/** Calls of one transaction: short enough to hold the organisation's row for a moment only. */
const CALLS_AT_ONCE = 20_000;

/** @param input.calls spread over the `days` local days before today, weekends weaker */
export async function loadHistory({
	ctx,
	input,
	onProgress
}: {
	ctx: Context;
	/** `reason`: what the credit that pays the calls was given for. */
	input: { organizationId: number; calls: number; days: number; reason?: string };
	onProgress?: (loaded: number) => void;
}): Promise<LoadedHistory> {
	requirePermission(ctx, 'organizations.create');
	const { sql } = ctx.services.database;
	const [organization] = await sql<{ timezone: string }[]>`
		select timezone from organizations where id = ${input.organizationId}`;
	if (!organization) throw new AppError('not_found', 'org names no organisation.');
	const lastDay = addDays(localDay(ctx.nowMs, organization.timezone), -1);
	const firstDay = addDays(lastDay, 1 - input.days);
	let loaded = 0;
	for (const days of portionsOf(spread(firstDay, input.days, input.calls))) {
		const reason = input.reason ?? 'Synthetic history';
		await sql.begin((tx) => loadSome(tx, { ...input, ...organization, reason, days }));
		loaded += days.reduce((sum, { calls }) => sum + calls, 0);
		onProgress?.(loaded);
	}
	// Loaded at once, the tables are not what the planner remembers them to be.
	await sql`analyze calls, call_minutes_usage_log, balance_transactions, minute_allocations,
		call_minutes_allocation_history, call_stats_daily, call_stats_breakdowns`;
	return { calls: loaded, days: input.days, firstDay, lastDay };
}

interface DayShare {
	day: string;
	calls: number;
}

/** Days together up to the size of a transaction; a bigger day in several. */
function portionsOf(shares: DayShare[]): DayShare[][] {
	const portions: DayShare[][] = [];
	let portion: DayShare[] = [];
	let room = CALLS_AT_ONCE;
	for (const { day, calls } of shares) {
		for (let left = calls; left > 0;) {
			const taken = Math.min(left, room);
			portion.push({ day, calls: taken });
			left -= taken;
			room -= taken;
			if (room > 0) continue;
			portions.push(portion);
			portion = [];
			room = CALLS_AT_ONCE;
		}
	}
	return portion.length > 0 ? [...portions, portion] : portions;
}

/** Weekdays carry five times what weekend days do. */
function spread(firstDay: string, days: number, calls: number): DayShare[] {
	const weighted = Array.from({ length: days }, (_, index) => {
		const day = addDays(firstDay, index);
		const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
		return { day, weight: weekday === 0 || weekday === 6 ? 1 : 5 };
	});
	const whole = weighted.reduce((sum, { weight }) => sum + weight, 0);
	let given = 0;
	let reached = 0;
	return weighted.map(({ day, weight }) => {
		reached += weight;
		const upTo = Math.round((calls * reached) / whole);
		const share = upTo - given;
		given = upTo;
		return { day, calls: share };
	});
}

interface Portion {
	organizationId: number;
	timezone: string;
	reason: string;
	days: DayShare[];
}

async function loadSome(tx: postgres.TransactionSql, portion: Portion): Promise<void> {
	const { organizationId } = portion;
	await tx`
		select from organization_call_minutes m join call_balance b using (organization_id)
		where m.organization_id = ${organizationId} for update`;
	await insertCalls(tx, portion);
	await payFromMinutes(tx, portion);
	await payFromWallet(tx, portion);
	await countDays(tx);
	await tx`drop table loaded_calls`;
}

/**
 * The calls as they would have ended: some six in ten answered, talk mostly short with a long tail, in
 * working hours, some numbers far more often than others. An organisation with contacts calls them;
 * one without calls numbers of a few countries. One call in four is paid by minutes, the others by the wallet.
 */
async function insertCalls(tx: postgres.TransactionSql, portion: Portion): Promise<void> {
	const { organizationId, timezone, days } = portion;
	await tx`
		create temporary table loaded_calls on commit drop as
		with drawn as (
			select n, d.day, random() as fate, random() as provider_draw, random() as country_draw, random() as who_draw,
				greatest(3, least(7200, round(exp(3.9 + 1.1 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())))))::int as talk,
				(d.day + make_interval(secs => (8 + 11 * (random() + random()) / 2) * 3600)) at time zone ${timezone} as at,
				(random() ^ 3 * 9999)::int as line, (random() * 4)::int as exchange, md5(random()::text || n) as noise
			from json_to_recordset(${JSON.stringify(days)}::json) as d(day date, calls int),
				generate_series(1, d.calls) as n),
		people as (select array_agg(id order by id) as ids from users where organization_id = ${organizationId} and role = 'agent'),
		leads as (select array_agg(id order by id) as ids, array_agg(phone order by id) as phones
			from (select id, phone from contacts where organization_id = ${organizationId} order by id limit 1000) as known),
		told as (
			select d.*, case when fate < 0.62 then 'completed' when fate < 0.96 then 'failed' else 'cancelled' end as status,
				case when fate < 0.62 then null when fate < 0.84 then 'no_answer' when fate < 0.93 then 'busy'
					when fate < 0.96 then 'provider_error' else 'cancelled' end as end_reason,
				l.ids[who] as contact_id, l.phones[who] as phone,
				case when l.ids is null then (array['US','US','US','US','GB','GB','IN','DE'])[1 + floor(country_draw * 8)::int]
					when l.phones[who] like '+1%' then 'US' when l.phones[who] like '+44%' then 'GB'
					when l.phones[who] like '+91%' then 'IN' else '001' end as country,
				case when fate < 0.62 then talk else 0 end as duration,
				(extract(epoch from at) * 1000)::bigint as at_ms, p.ids[1 + n % greatest(1, coalesce(array_length(p.ids, 1), 1))] as user_id
			from drawn d cross join people p cross join leads l
			cross join lateral (select 1 + floor(who_draw ^ 2 * array_length(l.ids, 1))::int as who) as w)
		select (lpad(to_hex(at_ms), 12, '0') || '7' || substr(noise, 1, 3) || '8' || substr(noise, 4, 15))::uuid as id,
			user_id, contact_id, (array['twilio','twilio','exotel','bolna'])[1 + floor(provider_draw * 4)::int] as provider,
			'history-' || noise as provider_call_id, status, end_reason, country, duration, day, at, n % 4 = 0 as by_minutes,
			ceil(duration / 60.0)::int as billed,
			coalesce(phone, (case country when 'US' then '+1212555' when 'GB' then '+4420794' when 'IN' then '+9198765'
				else '+4930123' end) || exchange || lpad(line::text, 4, '0')) as number
		from told`;
	await tx`
		insert into calls (id, organization_id, user_id, contact_id, provider, provider_call_id, submit_state, "from", "to",
			country, local_day, status, end_reason, initiated_at, ringing_at, answered_at, ended_at, duration,
			billed_minutes, wallet_seconds, cost, time_limit_seconds)
		select id, ${organizationId}, user_id, contact_id, provider, provider_call_id, 'accepted', '+12025550199', number,
			country, day, status, end_reason, at, at + interval '2 seconds',
			case when duration > 0 then at + interval '9 seconds' end,
			at + make_interval(secs => 9 + duration), duration, billed,
			case when by_minutes then 0 else duration end, case when by_minutes then 0 else billed * 0.1 end, 14400
		from loaded_calls`;
	await tx`
		update contacts k set last_called_at = greatest(k.last_called_at, c.ended_at)
		from (select contact_id, max(at + make_interval(secs => 9 + duration)) as ended_at
			from loaded_calls where contact_id is not null group by 1) c
		where k.id = c.contact_id`;
}

/** One allocation of exactly what is used, with its history and a usage line per call. */
async function payFromMinutes(tx: postgres.TransactionSql, portion: Portion): Promise<void> {
	const { organizationId, days, reason } = portion;
	const day = days[0]?.day ?? null;
	const [sum] = await tx<{ minutes: number }[]>`
		select coalesce(sum(billed), 0)::int as minutes from loaded_calls where by_minutes`;
	if (!sum || sum.minutes === 0) return;
	const allocationId = uuid();
	await tx`
		insert into minute_allocations (id, organization_id, minutes, remaining_minutes, reason, created_at)
		values (${allocationId}, ${organizationId}, ${sum.minutes}, 0, ${reason}, ${day}::date)`;
	await tx`
		insert into call_minutes_allocation_history (organization_id, allocation_id, kind, minutes, reason, allocated_at)
		values (${organizationId}, ${allocationId}, 'allocate', ${sum.minutes}, ${reason}, ${day}::date)`;
	await tx`
		insert into call_minutes_usage_log (organization_id, call_id, allocation_id, minutes_consumed, call_start_time,
			call_end_time, created_at)
		select ${organizationId}, id::text, ${allocationId}, billed, at + interval '9 seconds',
			at + make_interval(secs => 9 + duration), at + make_interval(secs => 9 + duration)
		from loaded_calls where by_minutes and billed > 0`;
	await tx`
		update organization_call_minutes set total_minutes = total_minutes + ${sum.minutes},
			used_minutes = used_minutes + ${sum.minutes} where organization_id = ${organizationId}`;
}

/** A top-up of exactly what the calls cost, then one debit per call: the balance ends where it was. */
async function payFromWallet(tx: postgres.TransactionSql, portion: Portion): Promise<void> {
	const { organizationId, days, reason } = portion;
	const day = days[0]?.day ?? null;
	await tx`
		insert into balance_transactions (organization_id, amount, type, description, balance_before, balance_after,
			metadata, created_at)
		select ${organizationId}, sum(l.billed * 0.1), 'credit', ${reason}, min(b.balance),
			min(b.balance) + sum(l.billed * 0.1), '{"kind": "adjustment"}', ${day}::date
		from loaded_calls l cross join call_balance b
		where b.organization_id = ${organizationId} and not l.by_minutes
		having sum(l.billed) > 0`;
	await tx`
		insert into balance_transactions (id, organization_id, amount, type, description, balance_before, balance_after,
			call_id, metadata, created_at)
		select l.id, ${organizationId}, l.billed * 0.1, 'debit', 'Call to ' || l.number,
			b.balance + l.owed_after + l.billed * 0.1, b.balance + l.owed_after, l.id, '{"kind": "call"}', l.ended
		from (select *, at + make_interval(secs => 9 + duration) as ended,
				sum(billed * 0.1) over (order by at desc, id desc) - billed * 0.1 as owed_after
			from loaded_calls where not by_minutes and billed > 0) l
		cross join call_balance b where b.organization_id = ${organizationId}
		order by l.at, l.id`;
}

async function countDays(tx: postgres.TransactionSql): Promise<void> {
	await tx`
		insert into call_stats_daily as s (organization_id, day, country, total, completed, failed, cancelled,
			talk_seconds, billed_minutes)
		select c.organization_id, c.local_day, c.country, count(*), count(*) filter (where c.status = 'completed'),
			count(*) filter (where c.status = 'failed'), count(*) filter (where c.status = 'cancelled'),
			sum(c.duration), sum(c.billed_minutes)
		from loaded_calls l join calls c on c.id = l.id group by 1, 2, 3
		on conflict (organization_id, day, country) do update set total = s.total + excluded.total,
			completed = s.completed + excluded.completed, failed = s.failed + excluded.failed,
			cancelled = s.cancelled + excluded.cancelled, talk_seconds = s.talk_seconds + excluded.talk_seconds,
			billed_minutes = s.billed_minutes + excluded.billed_minutes`;
	await addToBreakdowns(
		tx,
		tx`loaded_calls l join calls c on c.id = l.id join organizations o on o.id = c.organization_id`
	);
}
