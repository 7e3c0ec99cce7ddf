/** What the counts that are kept of calls, and the reports made of them, must be. */
import { TALK_BUCKET_BOUNDS } from '$lib/domain/analytics/talk-buckets';
import type { Invariant } from './invariants';

const BOUNDS = TALK_BUCKET_BOUNDS.map((bound) => bound + 1).join(',');

export const ANALYTICS_INVARIANTS: Invariant[] = [
	{
		name: 'daily rollups = recount',
		query: `
			select format('organisation %s, %s, %s: rollup %s, recount %s', organization_id, day, country,
				coalesce(s.counted, 'nothing'), coalesce(r.counted, 'nothing')) as breach
			from (select organization_id, day, country, concat_ws('/', total, completed, failed, cancelled,
				talk_seconds, billed_minutes) as counted from call_stats_daily) s
			full join (select organization_id, local_day as day, country, concat_ws('/', count(*),
				count(*) filter (where status = 'completed'), count(*) filter (where status = 'failed'),
				count(*) filter (where status = 'cancelled'), coalesce(sum(duration), 0),
				coalesce(sum(billed_minutes), 0)) as counted from calls group by 1, 2, 3) r
				using (organization_id, day, country)
			where s.counted is distinct from r.counted`
	},
	{
		name: 'breakdowns and queue = recount',
		query: `
			with counted as (
				select organization_id, dimension, day, key, calls, completed, answered, talk_seconds, billed_minutes, cost
				from call_stats_breakdowns where dimension <> 'hour'
				union all
				select organization_id, 'hour', day, '', sum(calls), sum(completed), sum(answered), sum(talk_seconds),
					sum(billed_minutes), sum(cost)
				from call_stats_breakdowns where dimension = 'hour' group by 1, 3),
			recounted as (
				select c.organization_id, k.dimension, c.local_day as day, k.key, count(*) as calls,
					count(*) filter (where c.status = 'completed') as completed,
					count(*) filter (where c.duration > 0) as answered, coalesce(sum(c.duration), 0) as talk_seconds,
					coalesce(sum(c.billed_minutes), 0) as billed_minutes, coalesce(sum(c.cost), 0) as cost
				from calls c, lateral (values ('country', c.country), ('agent', coalesce(c.user_id::text, '')),
					('provider', c.provider), ('end_reason', coalesce(c.end_reason, c.status)), ('hour', '')) as k(dimension, key)
				where c.ended_at is not null
					and not exists (select from call_stats_queue q where q.call_id = c.id)
				group by 1, 2, 3, 4)
			select format('organisation %s, %s, %s %s', organization_id, day, dimension, key) as breach
			from counted s full join recounted r using (organization_id, dimension, day, key)
			where (s.calls, s.completed, s.answered, s.talk_seconds, s.billed_minutes, s.cost)
				is distinct from (r.calls, r.completed, r.answered, r.talk_seconds, r.billed_minutes, r.cost)`
	},
	{
		name: 'counted ends, longest talk and prices = recount',
		query: `
			with counted as (
				select organization_id, day, sum(failed) as failed, sum(cancelled) as cancelled,
					max(talk_seconds_max) as longest, min(cost_min) as cheapest, max(cost_max) as dearest
				from call_stats_breakdowns where dimension = 'country' group by 1, 2),
			recounted as (
				select organization_id, local_day as day, count(*) filter (where status = 'failed') as failed,
					count(*) filter (where status = 'cancelled') as cancelled, coalesce(max(duration), 0) as longest,
					min(cost) filter (where status = 'completed') as cheapest,
					max(cost) filter (where status = 'completed') as dearest
				from calls c where ended_at is not null
					and not exists (select from call_stats_queue q where q.call_id = c.id) group by 1, 2)
			select format('organisation %s, %s', organization_id, day) as breach
			from counted s full join recounted r using (organization_id, day)
			where (s.failed, s.cancelled, s.longest, s.cheapest, s.dearest)
				is distinct from (r.failed, r.cancelled, r.longest, r.cheapest, r.dearest)`
	},
	{
		name: 'calls counted by length of talk = recount',
		query: `
			with counted as (
				select organization_id, day, place - 1 as bucket, sum(calls_in) as calls
				from call_stats_breakdowns, unnest(talk_buckets) with ordinality as b(calls_in, place)
				where dimension = 'country' group by 1, 2, 3),
			recounted as (
				select organization_id, local_day as day, width_bucket(duration, array[${BOUNDS}]) as bucket,
					count(*) as calls
				from calls c where ended_at is not null and duration > 0
					and not exists (select from call_stats_queue q where q.call_id = c.id) group by 1, 2, 3)
			select format('organisation %s, %s, bucket %s: %s kept, %s counted', organization_id, day, bucket,
				coalesce(s.calls, 0), coalesce(r.calls, 0)) as breach
			from counted s full join recounted r using (organization_id, day, bucket)
			where coalesce(s.calls, 0) <> coalesce(r.calls, 0)`
	},
	{
		name: 'a sealed report is what was sealed',
		query: `
			select format('report of organisation %s, %s: its text has another hash', organization_id, month) as breach
			from usage_reports where encode(sha256(convert_to(body, 'UTF8')), 'hex') <> content_hash`
	}
];
