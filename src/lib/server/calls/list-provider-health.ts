import { sql } from 'drizzle-orm';
import type { Provider } from '$lib/domain/call/event';
import type { ProviderHealthView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';

interface Counts extends Record<string, unknown> {
	provider: Provider;
	placed: number;
	refused: number;
	unclear: number;
	last_delivery: string | null;
	failed_deliveries: number;
}

/** How each provider is: what this process sees when it dials, and what the last hour left in the books. */
export async function listProviderHealth({ ctx }: { ctx: Context }): Promise<ProviderHealthView[]> {
	requirePermission(ctx, 'providers.read');
	const { database, guards } = ctx.services;
	const sinceMs = ctx.nowMs - 3_600_000;
	const counts = await database.db.execute<Counts>(sql`
		select p.provider, c.placed, c.refused, c.unclear, d.last_delivery, d.failed_deliveries
		from (values ('twilio'), ('exotel'), ('bolna')) p(provider)
		cross join lateral (select count(*)::int as placed,
			count(*) filter (where submit_state = 'refused')::int as refused,
			count(*) filter (where submit_state = 'unknown' or end_reason = 'never_placed')::int as unclear
			from calls where provider = p.provider and initiated_at > to_timestamp(${sinceMs} / 1000.0)) c
		cross join lateral (select max(received_at)::text as last_delivery,
			count(*) filter (where state = 'failed')::int as failed_deliveries
			from deliveries where provider = p.provider and received_at > to_timestamp(${sinceMs} / 1000.0)) d`);
	const byProvider = new Map(counts.map((row) => [row.provider, row]));
	return Object.values(guards).map(({ health, refusal }) => {
		const row = byProvider.get(health.provider);
		return {
			provider: health.provider,
			state: health.state,
			refusal,
			errorRate: health.errorRate,
			failuresInARow: health.failuresInARow,
			lastSuccessAt: isoOrNull(health.lastSuccessAtMs),
			lastFailureAt: isoOrNull(health.lastFailureAtMs),
			nextTryAt: isoOrNull(health.nextTryAtMs),
			lastHour: {
				placed: row?.placed ?? 0,
				refused: row?.refused ?? 0,
				unclear: row?.unclear ?? 0,
				failedDeliveries: row?.failed_deliveries ?? 0,
				lastDeliveryAt: row?.last_delivery ? new Date(row.last_delivery).toISOString() : null
			}
		};
	});
}

function isoOrNull(atMs: number | null): string | null {
	return atMs === null ? null : new Date(atMs).toISOString();
}
