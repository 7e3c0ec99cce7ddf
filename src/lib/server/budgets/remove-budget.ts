import { and, eq } from 'drizzle-orm';
import type { RemoveBudgetInput } from '$lib/inputs';
import { actorOf, requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { budgets } from '../db/schema/budgets';
import { AppError } from '../errors';

/** Takes a budget away: nothing caps its subject in that period any longer. A second time changes nothing. */
export async function removeBudget({
	ctx,
	input
}: {
	ctx: Context;
	input: RemoveBudgetInput;
}): Promise<{ removed: true }> {
	const person = requirePerson(ctx, 'budgets.write');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const result = await ctx.services.lane.submit({
		kind: 'remove_budget',
		organizationId,
		budgetId: input.budgetId,
		actor: actorOf(ctx)
	});
	if (result.kind === 'unknown_budget') {
		const wasThere = await ctx.services.database.db.$count(
			budgets,
			and(eq(budgets.organizationId, organizationId), eq(budgets.id, input.budgetId))
		);
		if (wasThere === 0) throw new AppError('not_found', 'There is no such budget.');
	}
	return { removed: true };
}
