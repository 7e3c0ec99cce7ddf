import { and, asc, eq, sql } from 'drizzle-orm';
import { minutesLeft, periodStart } from '$lib/domain/credit/budgets';
import { localDay } from '$lib/domain/time-zone';
import type { BudgetView } from '$lib/views';
import type { Context } from '../context';
import { budgetPeriods, budgets, campaigns, organizations, users } from '../db/schema/index';

/** Active budgets by name, each with its running period. */
export async function readBudgetViews(ctx: Context, organizationId: number): Promise<BudgetView[]> {
	const { db } = ctx.services.database;
	const [organization] = await db
		.select({ timezone: organizations.timezone })
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	const today = localDay(ctx.nowMs, organization?.timezone ?? 'UTC');
	const subjectName = sql<string>`coalesce(${users.name}, ${campaigns.name})`;
	const start = sql<string>`date_trunc(${budgets.period}, ${today}::timestamp)::date`;
	const rows = await db
		.select({ budget: budgets, subjectName, use: budgetPeriods })
		.from(budgets)
		.leftJoin(users, eq(users.id, budgets.userId))
		.leftJoin(campaigns, eq(campaigns.id, budgets.campaignId))
		.leftJoin(
			budgetPeriods,
			and(eq(budgetPeriods.budgetId, budgets.id), eq(budgetPeriods.periodStart, start))
		)
		.where(and(eq(budgets.organizationId, organizationId), budgets.isActive))
		.orderBy(asc(subjectName), asc(budgets.period), asc(budgets.id));
	return rows.map(({ budget, subjectName, use }) => {
		const { usedMinutes, heldMinutes } = use ?? { usedMinutes: 0, heldMinutes: 0 };
		return {
			id: budget.id,
			organizationId,
			scope: budget.scope,
			subjectId: budget.userId ?? budget.campaignId ?? '',
			subjectName,
			period: budget.period,
			periodStart: periodStart(budget.period, today),
			limitMinutes: budget.limitMinutes,
			usedMinutes,
			heldMinutes,
			leftMinutes: Math.max(0, minutesLeft(budget, { usedMinutes, heldMinutes }))
		};
	});
}
