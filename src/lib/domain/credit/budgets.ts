/**
 * Budgets: how many minutes a person or a campaign may be billed for in a day or a month. A call counts
 * in the period it was placed in, by the organisation's calendar, however long it lasts.
 */
export const BUDGET_SCOPES = ['user', 'campaign'] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];

export const BUDGET_PERIODS = ['day', 'month'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

export interface Budget {
	id: string;
	organizationId: number;
	scope: BudgetScope;
	/** The person or the campaign that is capped. */
	subjectId: string;
	subjectName: string;
	period: BudgetPeriod;
	/** Null while it only counts: set or removed within the batch at hand. */
	limitMinutes: number | null;
	isActive: boolean;
}

/** What one period of a budget has seen. */
export interface BudgetUse {
	organizationId: number;
	budgetId: string;
	/** First day of the period, `2026-11-01`. */
	periodStart: string;
	/** Billed minutes of ended calls. May pass the limit when a call could not be cut in time. */
	usedMinutes: number;
	/** Minutes set aside by live calls, whoever pays them. */
	heldMinutes: number;
}

/**
 * First day of the period a day lies in.
 * @param localDay day in the organisation's zone, `2026-11-21`
 */
export function periodStart(period: BudgetPeriod, localDay: string): string {
	return period === 'day' ? localDay : `${localDay.slice(0, 7)}-01`;
}

/** Minutes that may still be promised; negative when the budget was overrun, infinite without a cap. */
export function minutesLeft(
	{ limitMinutes }: Pick<Budget, 'limitMinutes'>,
	use: Pick<BudgetUse, 'usedMinutes' | 'heldMinutes'>
): number {
	if (limitMinutes === null) return Infinity;
	return limitMinutes - use.usedMinutes - use.heldMinutes;
}
