import {
	ChangeLeadListInput,
	CreateLeadListInput,
	LeadsPageInput,
	RenameLeadListInput
} from '$lib/inputs';
import { getLeadsPage } from '../../contacts/get-leads-page';
import { addLeads } from '../../leads/add-leads';
import { createLeadList } from '../../leads/create-lead-list';
import { removeLeads } from '../../leads/remove-leads';
import { renameLeadList } from '../../leads/rename-lead-list';
import { allowed, router } from '../init';

export const leadsRouter = router({
	page: allowed('leads.read')
		.input(LeadsPageInput)
		.query(({ ctx, input }) => getLeadsPage({ ctx, input })),
	createList: allowed('leads.write')
		.input(CreateLeadListInput)
		.mutation(({ ctx, input }) => createLeadList({ ctx, input })),
	renameList: allowed('leads.write')
		.input(RenameLeadListInput)
		.mutation(({ ctx, input }) => renameLeadList({ ctx, input })),
	add: allowed('leads.write')
		.input(ChangeLeadListInput)
		.mutation(({ ctx, input }) => addLeads({ ctx, input })),
	remove: allowed('leads.write')
		.input(ChangeLeadListInput)
		.mutation(({ ctx, input }) => removeLeads({ ctx, input }))
});
