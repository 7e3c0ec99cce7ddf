import { SalesRequestInput } from '$lib/inputs';
import { requestSalesContact } from '../../sales/request-sales-contact';
import { allowed, router } from '../init';

export const salesRouter = router({
	request: allowed('sales.request')
		.input(SalesRequestInput)
		.mutation(({ ctx, input }) => requestSalesContact({ ctx, input }))
});
