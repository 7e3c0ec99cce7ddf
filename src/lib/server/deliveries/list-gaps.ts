import { sql } from 'drizzle-orm';
import type { Provider } from '$lib/domain/call/event';
import type { CallStatus } from '$lib/domain/call/status';
import { overdueEvent } from '$lib/domain/deliveries/gaps';
import type { DeliveryGapView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';

const ROWS_MAX = 200;
const ENDED_WITHIN_HOURS = 24;

interface GapRow extends Record<string, unknown> {
	call_id: string;
	organization_id: number;
	organization_name: string;
	provider: Provider;
	to: string;
	status: CallStatus;
	heard_at_ms: string;
	answered_at_ms: string | null;
	time_limit_seconds: number;
}

/**
 * Calls whose next delivery should have come and did not: live ones that are silent for too long, and
 * ended ones of the last day that were only found to be over by asking the provider.
 */
export async function listGaps({ ctx }: { ctx: Context }): Promise<DeliveryGapView[]> {
	requirePermission(ctx, 'deliveries.read');
	const [live, ended] = await Promise.all([findLive(ctx), findEndedByAsking(ctx)]);
	return [
		...live.flatMap((row) => {
			const silence = {
				status: row.status,
				heardAtMs: Number(row.heard_at_ms),
				answeredAtMs: row.answered_at_ms === null ? null : Number(row.answered_at_ms),
				timeLimitSeconds: row.time_limit_seconds
			};
			const expected = overdueEvent(silence, ctx.nowMs);
			return expected === null ? [] : [toGap('overdue', row, expected)];
		}),
		...ended.map((row) => toGap('ended_by_asking', row, 'the end'))
	];
}

const COLUMNS = sql`c.id as call_id, c.organization_id, o.name as organization_name, c.provider, c."to",
	c.status, c.time_limit_seconds, (extract(epoch from c.answered_at) * 1000)::bigint as answered_at_ms`;

/** The time of the last event a provider sent, and of placing where none came. */
async function findLive(ctx: Context): Promise<GapRow[]> {
	return ctx.services.database.db.execute<GapRow>(sql`
		select ${COLUMNS}, (extract(epoch from coalesce(e.received_at, c.initiated_at)) * 1000)::bigint as heard_at_ms
		from calls c
		join organizations o on o.id = c.organization_id
		left join lateral (select max(received_at) as received_at from call_status_events
			where call_id = c.id and source = 'provider') e on true
		where c.status in ('initiated', 'ringing', 'in_progress')
		order by c.id limit ${ROWS_MAX}`);
}

async function findEndedByAsking(ctx: Context): Promise<GapRow[]> {
	return ctx.services.database.db.execute<GapRow>(sql`
		select ${COLUMNS}, (extract(epoch from c.ended_at) * 1000)::bigint as heard_at_ms
		from calls c
		join organizations o on o.id = c.organization_id
		where c.provider in ('twilio', 'exotel', 'bolna')
			and c.initiated_at > to_timestamp(${ctx.nowMs} / 1000.0) - make_interval(hours => ${ENDED_WITHIN_HOURS})
			and c.ended_at is not null and c.provider_call_id is not null
			and exists (select from call_status_events e where e.call_id = c.id and e.source = 'sweep'
				and e.effect = 'advanced' and e.status in ('completed', 'failed', 'cancelled'))
			and not exists (select from call_status_events e where e.call_id = c.id and e.source = 'provider'
				and e.status in ('completed', 'failed', 'cancelled'))
		order by c.id desc limit ${ROWS_MAX}`);
}

function toGap(kind: DeliveryGapView['kind'], row: GapRow, expected: string): DeliveryGapView {
	return {
		kind,
		callId: row.call_id,
		organizationId: row.organization_id,
		organizationName: row.organization_name,
		provider: row.provider,
		to: row.to,
		status: row.status,
		expected,
		since: new Date(Number(row.heard_at_ms)).toISOString()
	};
}
