/** What calls do to the budgets they count in: asked before each promise, changed with each of them. */
import type { Call } from '../call/call';
import { minutesLeft, periodStart, type Budget, type BudgetUse } from '../credit/budgets';
import { budgetUseKey, organizationKey, type LaneState } from './state';

export type BudgetedCall = Pick<Call, 'organizationId' | 'userId' | 'campaignId' | 'localDay'>;

export interface BudgetRoom {
	budget: Budget;
	use: BudgetUse;
	leftMinutes: number;
}

/** The budget that leaves this call the least; null when nothing caps it. */
export function tightestBudget(state: LaneState, call: BudgetedCall): BudgetRoom | null {
	let tightest: BudgetRoom | null = null;
	for (const { budget, use } of budgetsOf(state, call)) {
		const leftMinutes = minutesLeft(budget, use);
		if (leftMinutes < (tightest?.leftMinutes ?? Infinity)) tightest = { budget, use, leftMinutes };
	}
	return tightest;
}

/** Enters what a call was promised, gave back or was billed into every budget it counts in. */
export function changeBudgets(
	state: LaneState,
	call: BudgetedCall,
	change: { heldMinutes: number; usedMinutes: number }
): BudgetUse[] {
	return budgetsOf(state, call).map(({ use }) => ({
		...use,
		heldMinutes: use.heldMinutes + change.heldMinutes,
		usedMinutes: use.usedMinutes + change.usedMinutes
	}));
}

function budgetsOf(state: LaneState, call: BudgetedCall): { budget: Budget; use: BudgetUse }[] {
	const subjectIds = [call.userId, call.campaignId].filter((id) => id !== null);
	return subjectIds
		.flatMap((id) => state.budgets.get(organizationKey(call.organizationId, id)) ?? [])
		.map((budget) => ({ budget, use: useOf(state, budget, call.localDay) }));
}

function useOf(state: LaneState, budget: Budget, localDay: string): BudgetUse {
	const start = periodStart(budget.period, localDay);
	return (
		state.budgetUses.get(budgetUseKey(budget.id, start)) ?? {
			organizationId: budget.organizationId,
			budgetId: budget.id,
			periodStart: start,
			usedMinutes: 0,
			heldMinutes: 0
		}
	);
}
