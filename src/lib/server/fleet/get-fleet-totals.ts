import { sql } from 'drizzle-orm';
import type { FleetTotalsView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { fleetRows } from './fleet-query';

const LAG_WINDOW_MS = 15 * 60_000;
const WAITING_DAYS_MAX = 7;
const RUNNING_OUT_MINUTES = 60;

interface Totals extends Record<string, unknown> {
	organizations: number;
	inactive: number;
	live_calls: number;
	running_out: number;
	failed_refills: number;
	stuck_holds: number;
	remaining_minutes: string;
	waiting: number;
	lag_ms: number | null;
}

/** The one line above the fleet: what is live, who runs out, and what is wrong. */
export async function getFleetTotals({ ctx }: { ctx: Context }): Promise<FleetTotalsView> {
	requirePermission(ctx, 'fleet.read');
	const { nowMs, services } = ctx;
	const [row] = await services.database.db.execute<Totals>(sql`
		with ${fleetRows(nowMs)},
		totals as (
			select count(*)::int as organizations, count(*) filter (where not is_active)::int as inactive,
				coalesce(sum(live_calls), 0)::int as live_calls,
				count(*) filter (where is_active and empty_in < ${RUNNING_OUT_MINUTES}
					and (callable > 0 or used > 0))::int as running_out,
				count(*) filter (where has_failed_refill)::int as failed_refills,
				coalesce(sum(stuck_holds), 0)::int as stuck_holds, coalesce(sum(remaining), 0) as remaining_minutes
			from fleet where not is_archived),
		waiting as (
			select count(*)::int as waiting from deliveries where state in ('failed', 'unmatched')
				and received_at > to_timestamp(${nowMs} / 1000.0) - make_interval(days => ${WAITING_DAYS_MAX})),
		lag as (
			select percentile_cont(0.95) within group (order by greatest(0,
				extract(epoch from received_at) * 1000 - (event->>'occurredAtMs')::float8)) as lag_ms
			from deliveries where body_removed_at is null and state in ('applied', 'ignored')
				and received_at > to_timestamp(${nowMs - LAG_WINDOW_MS} / 1000.0)
				and event->>'occurredAtMs' is not null)
		select * from totals, waiting, lag`);
	if (!row) throw new Error('The totals of the fleet have no row');
	return {
		organizations: row.organizations,
		inactive: row.inactive,
		liveCalls: row.live_calls,
		runningOut: row.running_out,
		failedRefills: row.failed_refills,
		stuckHolds: row.stuck_holds,
		remainingMinutes: Number(row.remaining_minutes),
		waitingDeliveries: row.waiting,
		deliveryLagMs: row.lag_ms === null ? null : Math.round(row.lag_ms),
		downProviders: Object.values(services.guards).flatMap(({ health }) =>
			health.state === 'closed' ? [] : [health.provider]
		)
	};
}
