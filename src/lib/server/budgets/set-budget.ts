import { and, eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { SetBudgetInput } from '$lib/inputs';
import type { BudgetView } from '$lib/views';
import { actorOf, requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { campaigns, users } from '../db/schema/index';
import { AppError } from '../errors';
import { readBudgetViews } from './budget-rows';

/** Caps what one person or campaign may use in a day or a month. The same again changes nothing. */
export async function setBudget({
	ctx,
	input
}: {
	ctx: Context;
	input: SetBudgetInput;
}): Promise<BudgetView> {
	const person = requirePerson(ctx, 'budgets.write');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const { scope, subjectId, period, limitMinutes } = input;
	const result = await ctx.services.lane.submit({
		kind: 'set_budget',
		budgetId: uuid(),
		organizationId,
		scope,
		subjectId,
		subjectName: await getSubjectName(ctx, organizationId, input),
		period,
		limitMinutes,
		actor: actorOf(ctx)
	});
	const budgetId = result.kind === 'set' ? result.budgetId : '';
	const [view] = (await readBudgetViews(ctx, organizationId)).filter(({ id }) => id === budgetId);
	// Someone else may have removed it meanwhile.
	if (!view) throw new AppError('conflict', 'The budget was removed by someone else just now.');
	return view;
}

async function getSubjectName(
	ctx: Context,
	organizationId: number,
	{ scope, subjectId }: SetBudgetInput
): Promise<string> {
	const table = scope === 'user' ? users : campaigns;
	const [found] = await ctx.services.database.db
		.select({ name: table.name })
		.from(table)
		.where(and(eq(table.organizationId, organizationId), eq(table.id, subjectId)));
	if (!found) throw new AppError('not_found', `subjectId names no ${scope} of the organisation.`);
	return found.name;
}
