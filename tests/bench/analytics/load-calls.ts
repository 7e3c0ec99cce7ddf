/**
 * Ten million calls in minutes: written without indexes, counted once at the end, indexed again. They are
 * written in the order they were placed in, organisations mixed, as they come to be in life.
 */
import type postgres from 'postgres';
import { addToBreakdowns } from '$lib/server/analytics/breakdown-rows';

export interface LoadPlan {
	/** The first has one call of five; the others share the rest. */
	organizationIds: number[];
	calls: number;
	days: number;
	onProgress: (line: string) => void;
}

const CALLS_AT_ONCE = 250_000;
const DAYS_AT_ONCE = 30;

/** @returns seconds */
export async function loadCalls(sql: postgres.Sql, plan: LoadPlan): Promise<number> {
	const startedAt = performance.now();
	const { calls, days, onProgress } = plan;
	const indexes = await dropIndexes(sql);
	await sql`set synchronous_commit = off`;
	await sql`set maintenance_work_mem = '512MB'`;
	await sql`set work_mem = '256MB'`;
	await sql`set session_replication_role = replica`;
	for (let loaded = 0; loaded < calls;) {
		const now = Math.min(calls - loaded, CALLS_AT_ONCE);
		await insertCalls(sql, plan, loaded, now);
		loaded += now;
		onProgress(`${loaded.toLocaleString('en')} calls, ${secondsSince(startedAt)} s`);
	}
	await sql`set session_replication_role = origin`;
	for (const { name, definition } of indexes) {
		onProgress(`index ${name}, ${secondsSince(startedAt)} s`);
		await sql.unsafe(definition);
	}
	onProgress(`counting, ${secondsSince(startedAt)} s`);
	await sql`vacuum analyze calls`;
	await countCalls(sql, days);
	await sql`vacuum analyze`;
	return Number(secondsSince(startedAt));
}

interface Index {
	name: string;
	definition: string;
}

/** All but the primary key and those that constraints stand on. */
async function dropIndexes(sql: postgres.Sql): Promise<Index[]> {
	const indexes = await sql<Index[]>`
		select indexname as name, indexdef as definition from pg_indexes i
		where tablename = 'calls' and schemaname = 'public' and not exists (
			select from pg_constraint c where c.conindid = i.indexname::regclass)`;
	for (const { name } of indexes) await sql`drop index ${sql(name)}`;
	return indexes;
}

/** The next calls of the year. Some numbers are called far more often than others. */
async function insertCalls(
	sql: postgres.Sql,
	{ organizationIds: [first = 0, ...others], calls, days }: LoadPlan,
	loaded: number,
	count: number
): Promise<void> {
	await sql`
		insert into calls (id, organization_id, user_id, provider, provider_call_id, submit_state, "from", "to", country,
			local_day, status, end_reason, initiated_at, ringing_at, answered_at, ended_at, duration, billed_minutes,
			wallet_seconds, cost, time_limit_seconds)
		select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(noise, 1, 3) || '8' || substr(noise, 4, 15))::uuid,
			organization_id, user_id, (array['twilio','twilio','exotel','bolna'])[1 + floor(p * 4)::int], noise, 'accepted',
			'+12025550199', '+1212' || lpad((fate * 7919 * 1000)::int % 10 || '', 1, '0') || lpad((line ^ 3 * 999999)::int::text, 6, '0'),
			(array['US','US','US','US','GB','GB','IN','DE'])[1 + floor(c * 8)::int], (at at time zone 'UTC')::date,
			case when fate < 0.62 then 'completed' when fate < 0.96 then 'failed' else 'cancelled' end,
			case when fate < 0.62 then null when fate < 0.84 then 'no_answer' when fate < 0.93 then 'busy'
				when fate < 0.96 then 'provider_error' else 'cancelled' end,
			at, at + interval '2 seconds', case when fate < 0.62 then at + interval '9 seconds' end,
			at + make_interval(secs => 9 + duration), duration, ceil(duration / 60.0), duration, ceil(duration / 60.0) * 0.1, 14400
		from (select n, o.id as organization_id, u.id as user_id, fate, p, c, line, md5(random()::text || n) as noise,
				(case when fate < 0.62 then talk else 0 end)::int as duration,
				(date_trunc('day', now() at time zone 'UTC') - make_interval(days => ${days}::int - floor(day * ${days}::int)::int)
					+ make_interval(secs => (8 + 11 * hour) * 3600)) at time zone 'UTC' as at
			from (select n, random() as fate, random() as p, random() as c, random() as line,
					(${loaded}::int + n - 1) / ${calls}::float8 as day,
					(random() + random()) / 2 as hour, case when n % 5 = 0 then 0 else 1 + floor(random() * ${others.length}::int)::int end as place,
					greatest(3, least(7200, round(exp(3.9 + 1.1 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))))) as talk
				from generate_series(1, ${count}::int) as n) d
			join unnest(${sql.array([first, ...others])}::int[]) with ordinality o(id, place) on o.place = d.place + 1
			join users u on u.organization_id = o.id) drawn
		order by at`;
}

async function countCalls(sql: postgres.Sql, days: number): Promise<void> {
	await sql`
		insert into call_stats_daily (organization_id, day, country, total, completed, failed, cancelled, talk_seconds,
			billed_minutes)
		select organization_id, local_day, country, count(*), count(*) filter (where status = 'completed'),
			count(*) filter (where status = 'failed'), count(*) filter (where status = 'cancelled'), sum(duration),
			sum(billed_minutes)
		from calls where ended_at is not null group by 1, 2, 3`;
	for (let back = 0; back <= days; back += DAYS_AT_ONCE) {
		await addToBreakdowns(
			sql,
			sql`(select * from calls where ended_at is not null
				and local_day <= (now() at time zone 'UTC')::date - ${back}::int
				and local_day > (now() at time zone 'UTC')::date - ${back + DAYS_AT_ONCE}::int) c
				join organizations o on o.id = c.organization_id`
		);
	}
}

function secondsSince(startedAt: number): string {
	return ((performance.now() - startedAt) / 1000).toFixed(0);
}
