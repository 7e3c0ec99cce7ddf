import { and, asc, eq, isNull } from 'drizzle-orm';
import type { ListBudgetsInput } from '$lib/inputs';
import type { BudgetSubjectView, BudgetView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { campaigns, users } from '../db/schema/index';
import { readBudgetViews } from './budget-rows';

/** Campaigns a budget can be set for from the list: the newest ones. */
const SUBJECTS_MAX = 500;

export interface Budgets {
	budgets: BudgetView[];
	/** Whom a budget can be set for. */
	subjects: BudgetSubjectView[];
}

/** The budgets of an organisation with what their running period has seen. */
export async function listBudgets({
	ctx,
	input
}: {
	ctx: Context;
	input: ListBudgetsInput;
}): Promise<Budgets> {
	const person = requirePerson(ctx, 'budgets.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const { db } = ctx.services.database;
	const [budgets, people, running] = await Promise.all([
		readBudgetViews(ctx, organizationId),
		db
			.select({ id: users.id, name: users.name })
			.from(users)
			.where(and(eq(users.organizationId, organizationId), isNull(users.disabledAt)))
			.orderBy(asc(users.name), asc(users.id))
			.limit(SUBJECTS_MAX),
		db
			.select({ id: campaigns.id, name: campaigns.name })
			.from(campaigns)
			.where(eq(campaigns.organizationId, organizationId))
			.orderBy(asc(campaigns.name), asc(campaigns.id))
			.limit(SUBJECTS_MAX)
	]);
	return {
		budgets,
		subjects: [
			...people.map((one) => ({ ...one, scope: 'user' as const })),
			...running.map((one) => ({ ...one, scope: 'campaign' as const }))
		]
	};
}
