import { LeadsPageInput } from '$lib/inputs';
import { getLeadsPage } from '../../contacts/get-leads-page';
import { allowed, router } from '../init';

export const leadsRouter = router({
	page: allowed('leads.read')
		.input(LeadsPageInput)
		.query(({ ctx, input }) => getLeadsPage({ ctx, input }))
});
