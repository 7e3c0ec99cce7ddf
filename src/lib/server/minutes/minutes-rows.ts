import { asc, eq, sql } from 'drizzle-orm';
import type { MinutesView } from '$lib/views';
import type { Database } from '../db/client';
import { organizationCallMinutes, organizations } from '../db/schema/index';

/** Credit rows as pages show them. Spendable minutes come from the lots, so expired ones never count. */
export function selectMinutes(db: Pick<Database, 'select'>, nowMs: number) {
	const spendable = sql<number>`coalesce((
		select sum(a.remaining_minutes - a.held_minutes)::int from minute_allocations a
		where a.organization_id = ${organizationCallMinutes.organizationId} and a.remaining_minutes > 0
			and (a.expires_at is null or a.expires_at > to_timestamp(${nowMs} / 1000.0))), 0)`;
	return db
		.select({
			organizationId: organizationCallMinutes.organizationId,
			organizationName: organizations.name,
			isActive: organizationCallMinutes.isActive,
			totalMinutes: organizationCallMinutes.totalMinutes,
			usedMinutes: organizationCallMinutes.usedMinutes,
			heldMinutes: organizationCallMinutes.heldMinutes,
			remainingMinutes: spendable,
			debtMinutes: organizationCallMinutes.debtMinutes,
			liveCalls: organizationCallMinutes.liveCalls,
			version: organizationCallMinutes.liveSeq
		})
		.from(organizationCallMinutes)
		.innerJoin(organizations, eq(organizations.id, organizationCallMinutes.organizationId))
		.orderBy(asc(organizationCallMinutes.organizationId))
		.$dynamic();
}

export async function findMinutes(
	db: Pick<Database, 'select'>,
	organizationId: number,
	nowMs: number
): Promise<MinutesView | null> {
	const [row] = await selectMinutes(db, nowMs).where(
		eq(organizationCallMinutes.organizationId, organizationId)
	);
	return row ?? null;
}
