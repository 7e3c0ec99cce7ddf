import { ListBillChecksInput, ListBillFindingsInput, ListEndConflictsInput } from '$lib/inputs';
import { listBillChecks } from '../../bills/list-bill-checks';
import { listBillFindings } from '../../bills/list-bill-findings';
import { listEndConflicts } from '../../bills/list-end-conflicts';
import { allowed, router } from '../init';

export const adminBillChecksRouter = router({
	list: allowed('bills.read')
		.input(ListBillChecksInput)
		.query(({ ctx, input }) => listBillChecks({ ctx, input })),
	findings: allowed('bills.read')
		.input(ListBillFindingsInput)
		.query(({ ctx, input }) => listBillFindings({ ctx, input })),
	endConflicts: allowed('bills.read')
		.input(ListEndConflictsInput)
		.query(({ ctx, input }) => listEndConflicts({ ctx, input }))
});
