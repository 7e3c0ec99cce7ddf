import { ListBudgetsInput, RemoveBudgetInput, SetBudgetInput } from '$lib/inputs';
import { listBudgets } from '../../budgets/list-budgets';
import { removeBudget } from '../../budgets/remove-budget';
import { setBudget } from '../../budgets/set-budget';
import { allowed, router } from '../init';

export const budgetsRouter = router({
	list: allowed('budgets.read')
		.input(ListBudgetsInput)
		.query(({ ctx, input }) => listBudgets({ ctx, input })),
	set: allowed('budgets.write')
		.input(SetBudgetInput)
		.mutation(({ ctx, input }) => setBudget({ ctx, input })),
	remove: allowed('budgets.write')
		.input(RemoveBudgetInput)
		.mutation(({ ctx, input }) => removeBudget({ ctx, input }))
});
