import type { BudgetPeriod } from '$lib/domain/credit/budgets';
import type { BudgetView } from '$lib/views';

export const PERIOD_WORDS: Record<BudgetPeriod, { title: string; span: string }> = {
	day: { title: 'Each day', span: 'a day' },
	month: { title: 'Each month', span: 'a month' }
};

/** `Ravi, each day` */
export function budgetName({
	subjectName,
	period
}: Pick<BudgetView, 'subjectName' | 'period'>): string {
	return `${subjectName}, ${PERIOD_WORDS[period].title.toLowerCase()}`;
}
