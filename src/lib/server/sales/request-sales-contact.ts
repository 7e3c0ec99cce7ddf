import type { SalesRequestInput } from '$lib/inputs';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { salesRequests } from '../db/schema/organizations';
import { inLiveTransaction } from '../live/append';

/** Keeps the wish for more minutes, and tells the super admins of it at once. */
export async function requestSalesContact({
	ctx,
	input
}: {
	ctx: Context;
	input: SalesRequestInput;
}): Promise<{ sent: true }> {
	const person = requirePerson(ctx, 'sales.request');
	const organizationId = requireOrganizationId(person, undefined);
	const { message } = input;
	await inLiveTransaction(ctx, organizationId, async (tx, tell) => {
		const [made] = await tx
			.insert(salesRequests)
			.values({
				organizationId,
				userId: person.userId,
				message: message || null,
				createdAt: new Date(ctx.nowMs)
			})
			.returning();
		if (!made) throw new Error('The request was not kept');
		tell('sales:requested', {
			id: made.id,
			organizationId,
			organizationName: person.organizationName ?? '',
			userName: person.name,
			message: made.message,
			createdAt: made.createdAt.toISOString()
		});
	});
	return { sent: true };
}
