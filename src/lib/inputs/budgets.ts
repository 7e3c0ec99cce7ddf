import { z } from 'zod';
import { BUDGET_PERIODS, BUDGET_SCOPES } from '../domain/credit/budgets';
import { id, organizationId, wholeNumber } from './parts';

export const BUDGET_MINUTES_MAX = 1_000_000;

export const SetBudgetInput = z.object({
	/** Needed of a super admin, who belongs to no organisation. */
	organizationId: organizationId.optional(),
	scope: z.enum(BUDGET_SCOPES, 'scope must be user or campaign.'),
	subjectId: id('subjectId'),
	period: z.enum(BUDGET_PERIODS, 'period must be day or month.'),
	limitMinutes: wholeNumber('Minutes', 1, BUDGET_MINUTES_MAX)
});
export type SetBudgetInput = z.infer<typeof SetBudgetInput>;

export const ListBudgetsInput = z.object({ organizationId: organizationId.optional() });
export type ListBudgetsInput = z.infer<typeof ListBudgetsInput>;

export const RemoveBudgetInput = z.object({
	organizationId: organizationId.optional(),
	budgetId: id('budgetId')
});
export type RemoveBudgetInput = z.infer<typeof RemoveBudgetInput>;
