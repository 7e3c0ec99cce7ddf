/** The SQL that counts ended calls, shared by the job that keeps the counts and those who read them. */
import type postgres from 'postgres';
import type { Moments, Period } from '$lib/domain/analytics/period';
import { TALK_BUCKET_BOUNDS, TALK_BUCKETS } from '$lib/domain/analytics/talk-buckets';
import { firstCallIdAt } from '$lib/domain/call/call-ids';
import type { Breakdown } from '../db/schema/index';

type Sql = postgres.Sql | postgres.TransactionSql;
type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** What is counted of a call, under the names of the columns. */
export interface Counts {
	calls: number;
	completed: number;
	failed: number;
	cancelled: number;
	answered: number;
	talk_seconds: number;
	talk_seconds_max: number;
	billed_minutes: number;
	cost: string;
	cost_min: string | null;
	cost_max: string | null;
}

/** A call's row in each breakdown: `calls c` joined to `organizations o` must be in scope. */
export function keysOfCall(sql: Sql): Fragment {
	return sql`lateral (values ('country', c.country), ('agent', coalesce(c.user_id::text, '')),
		('provider', c.provider), ('end_reason', coalesce(c.end_reason, c.status)),
		('hour', to_char(c.initiated_at at time zone o.timezone, 'HH24'))) as k(dimension, key)`;
}

/** Counts of the calls of a group; `c` is the call. */
export function countsOfCalls(sql: Sql): Fragment {
	return sql.unsafe(COUNTS_OF_CALLS);
}

const BOUNDS = TALK_BUCKET_BOUNDS.map((bound) => bound + 1).join(',');
const COUNTS_OF_CALLS = `count(*)::int as calls,
	count(*) filter (where c.status = 'completed')::int as completed,
	count(*) filter (where c.status = 'failed')::int as failed,
	count(*) filter (where c.status = 'cancelled')::int as cancelled,
	count(*) filter (where c.duration > 0)::int as answered,
	coalesce(sum(c.duration), 0)::bigint as talk_seconds,
	coalesce(max(c.duration), 0)::int as talk_seconds_max,
	coalesce(sum(c.billed_minutes), 0)::bigint as billed_minutes,
	coalesce(sum(c.cost), 0)::numeric(18, 6) as cost,
	min(c.cost) filter (where c.status = 'completed') as cost_min,
	max(c.cost) filter (where c.status = 'completed') as cost_max,
	array[${eachBucket(
		(index) =>
			`count(*) filter (where c.duration > 0 and width_bucket(c.duration, array[${BOUNDS}]) = ${index})::int`
	)}] as talk_buckets`;

function eachBucket(write: (index: number) => string): string {
	return Array.from({ length: TALK_BUCKETS }, (_, index) => write(index)).join(', ');
}

/**
 * Adds calls to the kept counts.
 * @param source a `from` list with `calls c` and its `organizations o`
 */
export function addToBreakdowns(sql: Sql, source: Fragment): Fragment {
	return sql`
		insert into call_stats_breakdowns as s (organization_id, dimension, day, key, calls, completed, failed,
			cancelled, answered, talk_seconds, talk_seconds_max, billed_minutes, cost, cost_min, cost_max,
			talk_buckets)
		select c.organization_id, k.dimension, c.local_day, k.key, ${countsOfCalls(sql)}
		from ${source}, ${keysOfCall(sql)}
		group by 1, 2, 3, 4 order by 1, 2, 3, 4
		on conflict (organization_id, dimension, day, key) do update set
			calls = s.calls + excluded.calls, completed = s.completed + excluded.completed,
			failed = s.failed + excluded.failed, cancelled = s.cancelled + excluded.cancelled,
			answered = s.answered + excluded.answered, talk_seconds = s.talk_seconds + excluded.talk_seconds,
			talk_seconds_max = greatest(s.talk_seconds_max, excluded.talk_seconds_max),
			billed_minutes = s.billed_minutes + excluded.billed_minutes, cost = s.cost + excluded.cost,
			cost_min = least(s.cost_min, excluded.cost_min),
			cost_max = greatest(s.cost_max, excluded.cost_max),
			talk_buckets = array(select b.old + b.new
				from unnest(s.talk_buckets, excluded.talk_buckets) with ordinality as b(old, new, place)
				order by b.place)`;
}

interface Counted {
	organizationId: number;
	period: Period;
	window: Moments | null;
}

/**
 * Rows of one breakdown over a period: what is kept, and the ended calls not counted yet, in one
 * statement and so of one moment.
 */
export function breakdownRows(
	sql: Sql,
	dimension: Breakdown,
	{ organizationId, period: { start, end }, window }: Counted
): Fragment {
	if (window) return rowsOfWindow(sql, dimension, organizationId, window);
	return sql`
		select day, key, calls, completed, failed, cancelled, answered, talk_seconds, talk_seconds_max,
			billed_minutes, cost, cost_min, cost_max, talk_buckets
		from call_stats_breakdowns where organization_id = ${organizationId}
			and dimension = ${dimension} and day between ${start}::date and ${end}::date
		union all
		select c.local_day, k.key, ${countsOfCalls(sql)}
		from call_stats_queue q join calls c on c.id = q.call_id
		join organizations o on o.id = c.organization_id, ${keysOfCall(sql)}
		where q.organization_id = ${organizationId} and k.dimension = ${dimension}
			and c.local_day between ${start}::date and ${end}::date
		group by c.local_day, k.key`;
}

/** Counted from the calls themselves: a day of them is few. */
function rowsOfWindow(
	sql: Sql,
	dimension: Breakdown,
	organizationId: number,
	window: Moments
): Fragment {
	return sql`
		select c.local_day as day, k.key, ${countsOfCalls(sql)}
		from calls c join organizations o on o.id = c.organization_id, ${keysOfCall(sql)}
		where ${placedWithin(sql, organizationId, window)} and c.ended_at is not null
			and k.dimension = ${dimension}
		group by c.local_day, k.key`;
}

/** Ids are made before the call is placed, never long before. */
const ID_SLACK_MS = 3_600_000;

/** Calls `c` placed between two moments; the ids let an index find them. */
export function placedWithin(
	sql: Sql,
	organizationId: number,
	{ fromMs, toMs }: Moments
): Fragment {
	return sql`c.organization_id = ${organizationId}
		and c.id >= ${firstCallIdAt(fromMs - ID_SLACK_MS)}::uuid
		and c.id < ${firstCallIdAt(toMs + ID_SLACK_MS)}::uuid
		and c.initiated_at >= to_timestamp(${fromMs} / 1000.0)
		and c.initiated_at < to_timestamp(${toMs} / 1000.0)`;
}

/** Sums of rows as {@link breakdownRows} gives them. */
export function sumOfCounts(sql: Sql): Fragment {
	return sql.unsafe(SUM_OF_COUNTS);
}

const SUM_OF_COUNTS = `coalesce(sum(calls), 0)::int as calls, coalesce(sum(completed), 0)::int as completed,
	coalesce(sum(failed), 0)::int as failed, coalesce(sum(cancelled), 0)::int as cancelled,
	coalesce(sum(answered), 0)::int as answered, coalesce(sum(talk_seconds), 0)::float8 as talk_seconds,
	coalesce(max(talk_seconds_max), 0)::int as talk_seconds_max,
	coalesce(sum(billed_minutes), 0)::float8 as billed_minutes,
	coalesce(sum(cost), 0)::text as cost, min(cost_min)::text as cost_min, max(cost_max)::text as cost_max`;

/** Calls in each bucket of such rows, for percentiles. */
export function sumOfBuckets(sql: Sql): Fragment {
	return sql.unsafe(SUM_OF_BUCKETS);
}

const SUM_OF_BUCKETS = `json_build_array(${eachBucket((index) => `sum(talk_buckets[${index + 1}])::int`)})`;
