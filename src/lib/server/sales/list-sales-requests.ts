import { desc, eq } from 'drizzle-orm';
import type { SalesRequestView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizations, salesRequests, users } from '../db/schema/index';

/** The newest wishes for more minutes, fleet-wide. */
export async function listSalesRequests({ ctx }: { ctx: Context }): Promise<SalesRequestView[]> {
	requirePermission(ctx, 'fleet.read');
	const rows = await ctx.services.database.db
		.select({ request: salesRequests, organizationName: organizations.name, userName: users.name })
		.from(salesRequests)
		.innerJoin(organizations, eq(organizations.id, salesRequests.organizationId))
		.leftJoin(users, eq(users.id, salesRequests.userId))
		.orderBy(desc(salesRequests.id))
		.limit(10);
	return rows.map(({ request, organizationName, userName }) => ({
		id: request.id,
		organizationId: request.organizationId,
		organizationName,
		userName,
		message: request.message,
		createdAt: request.createdAt.toISOString()
	}));
}
