import { ListReportsInput, ReportInput } from '$lib/inputs';
import { getReport } from '../../reports/get-report';
import { listReports } from '../../reports/list-reports';
import { allowed, router } from '../init';

export const reportsRouter = router({
	list: allowed('reports.read')
		.input(ListReportsInput)
		.query(({ ctx, input }) => listReports({ ctx, input })),
	get: allowed('reports.read')
		.input(ReportInput)
		.query(({ ctx, input }) => getReport({ ctx, input }))
});
