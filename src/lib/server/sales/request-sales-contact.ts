import type { SalesRequestInput } from '$lib/inputs';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { salesRequests } from '../db/schema/organizations';

/** Keeps the wish for more minutes, for the super admin's page. */
export async function requestSalesContact({
	ctx,
	input
}: {
	ctx: Context;
	input: SalesRequestInput;
}): Promise<{ sent: true }> {
	const person = requirePerson(ctx, 'sales.request');
	const organizationId = requireOrganizationId(person, undefined);
	await ctx.services.database.db.insert(salesRequests).values({
		organizationId,
		userId: person.userId,
		message: input.message || null,
		createdAt: new Date(ctx.nowMs)
	});
	return { sent: true };
}
