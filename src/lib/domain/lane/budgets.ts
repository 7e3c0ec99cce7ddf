import type { Budget } from '../credit/budgets';
import type { RemoveBudget, SetBudget } from './commands';
import { audited, userOf } from './facts';
import type { Decision } from './place';
import { organizationKey, type LaneState } from './state';

/**
 * Sets how many minutes a person or campaign may use in a day or a month. There is one budget per subject
 * and period: a second one changes the first. Calls of the running period count from its start.
 */
export function setBudget(
	state: LaneState,
	command: SetBudget,
	nowMs: number
): Decision<'set_budget'> {
	const { organizationId, scope, subjectId, subjectName, period, limitMinutes } = command;
	if (!state.organizations.has(organizationId)) {
		return { result: { kind: 'unknown_organization' }, changes: {} };
	}
	const known = (state.budgets.get(organizationKey(organizationId, subjectId)) ?? []).find(
		(budget) => budget.period === period
	);
	if (known?.limitMinutes === limitMinutes) {
		return { result: { kind: 'set', budgetId: known.id }, changes: {} };
	}
	const budget: Budget = {
		id: known?.id ?? command.budgetId,
		organizationId,
		scope,
		subjectId,
		subjectName,
		period,
		limitMinutes,
		isActive: true
	};
	const counted = [...state.budgetUses.values()].filter(({ budgetId }) => budgetId === budget.id);
	return {
		result: { kind: 'set', budgetId: budget.id },
		changes: {
			budgets: [{ budget, changedBy: userOf(command.actor), changedAtMs: nowMs }],
			budgetUses: counted,
			rows: {
				audit: [
					audited(organizationId, command.actor, 'budget.set', nowMs, {
						before: { limitMinutes: known?.limitMinutes ?? null },
						after: { budgetId: budget.id, scope, subjectId, period, limitMinutes }
					})
				]
			}
		}
	};
}

/** Takes a budget away: from now on nothing caps its subject in that period. What it counted stays. */
export function removeBudget(
	state: LaneState,
	command: RemoveBudget,
	nowMs: number
): Decision<'remove_budget'> {
	const { organizationId, budgetId, actor } = command;
	const budget = [...state.budgets.values()]
		.flat()
		.find((one) => one.id === budgetId && one.organizationId === organizationId);
	if (!budget || budget.limitMinutes === null) {
		return { result: { kind: 'unknown_budget' }, changes: {} };
	}
	const { scope, subjectId, period, limitMinutes } = budget;
	return {
		result: { kind: 'removed' },
		changes: {
			budgets: [
				{ budget: { ...budget, isActive: false }, changedBy: userOf(actor), changedAtMs: nowMs }
			],
			rows: {
				audit: [
					audited(organizationId, actor, 'budget.remove', nowMs, {
						before: { budgetId, scope, subjectId, period, limitMinutes },
						after: {}
					})
				]
			}
		}
	};
}
