import { asc, eq } from 'drizzle-orm';
import type { CallerIdView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { callerIds, organizations } from '../db/schema/index';

/** The numbers calls are made from, those taken out of use left out. */
export async function listCallerIds({ ctx }: { ctx: Context }): Promise<CallerIdView[]> {
	requirePermission(ctx, 'providers.read');
	return ctx.services.database.db
		.select({
			id: callerIds.id,
			organizationId: callerIds.organizationId,
			organizationName: organizations.name,
			provider: callerIds.provider,
			number: callerIds.number,
			country: callerIds.country
		})
		.from(callerIds)
		.leftJoin(organizations, eq(organizations.id, callerIds.organizationId))
		.where(eq(callerIds.isActive, true))
		.orderBy(asc(callerIds.provider), asc(callerIds.number), asc(callerIds.id))
		.limit(1_000);
}
