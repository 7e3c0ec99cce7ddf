/**
 * The fleet as one statement: what every organisation can still talk, how fast it talks, and what is
 * wrong with it. All parts are grouped once, none is asked per organisation.
 */
import { sql, type SQL } from 'drizzle-orm';
import { PACE_WINDOW_MINUTES } from '$lib/domain/credit/burn';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import { formatMicros } from '$lib/domain/money';
import type { FleetSort } from '$lib/inputs';

const MINUTE_MS = 60_000;
/** A call that ended in the last hour was placed in this time before now. */
const PLACED_WITHIN_MS = 4 * 60 * MINUTE_MS;
const SILENT_MS = 5 * MINUTE_MS;
/** Sort keys of those whose end is not foreseen, and of those switched off: after all others. */
const UNFORESEEN = 1e9;
const SWITCHED_OFF = 2e9;

const at = (ms: number) => sql`to_timestamp(${ms} / 1000.0)`;

/** The expression `fleet` for a `with`: a row for each organisation. */
export function fleetRows(nowMs: number): SQL {
	const paceFrom = at(nowMs - PACE_WINDOW_MINUTES * MINUTE_MS);
	const ratePerMinute = formatMicros(DEFAULT_RATE.perMinuteMicros, 6);
	return sql`
		pace as (
			select organization_id, sum(minutes)::float8 as minutes from (
				select organization_id, case when ended_at is not null then coalesce(billed_minutes, 0)
					else least(${PACE_WINDOW_MINUTES}::float8,
						ceil(extract(epoch from ${at(nowMs)} - answered_at) / 60)) end as minutes
				from calls
				where provider in ('twilio', 'exotel', 'bolna') and initiated_at > ${at(nowMs - PLACED_WITHIN_MS)}
					and (ended_at > ${paceFrom} or (ended_at is null and answered_at is not null))
				union all
				select organization_id, minutes from consumptions where created_at > ${paceFrom}
			) used group by 1),
		lots as (
			select organization_id, sum(remaining_minutes - held_minutes)::int as remaining from minute_allocations
			where remaining_minutes > 0 and (expires_at is null or expires_at > ${at(nowMs)}) group by 1),
		stuck as (
			select organization_id, count(*)::int as holds from credit_holds
			where state = 'open' and (heard_at < ${at(nowMs - SILENT_MS)} or expires_at < ${at(nowMs)}) group by 1),
		counted as (
			select o.id, o.name, o.timezone, o.billing_mode, o.archived_at is not null as is_archived, m.is_active,
				m.live_calls, m.guard_reason, m.updated_at, coalesce(l.remaining, 0) as remaining, b.balance,
				case when b.auto_refill_enabled then b.auto_refill_threshold end as refill_threshold,
				case when b.auto_refill_enabled then r.state end as refill_state,
				coalesce(p.minutes, 0) as used, coalesce(s.holds, 0) as stuck_holds,
				coalesce(r.state in ('paused', 'backoff', 'unknown'), false) as has_failed_refill,
				case when o.billing_mode = 'wallet' then 0 else coalesce(l.remaining, 0) end
					+ case when o.billing_mode = 'minutes' then 0
						else trunc((b.balance - b.held_amount) / ${ratePerMinute}::numeric) end as callable
			from organizations o
			join organization_call_minutes m on m.organization_id = o.id
			join call_balance b on b.organization_id = o.id
			left join pace p on p.organization_id = o.id
			left join lots l on l.organization_id = o.id
			left join stuck s on s.organization_id = o.id
			left join auto_refills r on r.organization_id = o.id),
		fleet as (
			select *, case when callable <= 0 then 0 when used <= 0 then null
				else callable * ${PACE_WINDOW_MINUTES}::float8 / used end as empty_in
			from counted)`;
}

/** What a sort orders by, smallest first, as text so that every sort has one kind of cursor. */
export function sortKey(sort: FleetSort): SQL {
	const number = (expression: SQL) => sql`(${expression})::float8`;
	switch (sort) {
		case 'name':
			return sql`lower(name)`;
		case 'remaining':
			return number(sql`remaining`);
		case 'wallet':
			return number(sql`balance`);
		case 'burn':
			return number(sql`-used`);
		case 'live':
			return number(sql`-live_calls`);
		case 'empties':
			return number(sql`case when is_active then 0 else ${SWITCHED_OFF}::float8 end
				+ coalesce(empty_in, ${UNFORESEEN}::float8 + least(callable, 1e8))`);
	}
}
