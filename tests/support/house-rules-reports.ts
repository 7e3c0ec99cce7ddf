/** Rules of the reports' room. */
import { getReport } from '$lib/server/reports/get-report';
import { listReports } from '$lib/server/reports/list-reports';
import { sealReports } from '$lib/server/reports/seal-reports';
import { FORBIDDEN, NOT_YOURS, OK, same, type Rule } from './house-rule';

export const REPORT_RULES: Rule[] = [
	{
		verb: 'listReports',
		procedure: 'reports.list',
		run: (ctx, { organizationId }) => listReports({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'getReport',
		procedure: 'reports.get',
		run: (ctx, { organizationId }) =>
			getReport({ ctx, input: { organizationId, month: '2020-01' } }),
		superAdmin: same('not_found'),
		member: ['not_found', 'forbidden', 'forbidden'],
		agent: FORBIDDEN
	},
	{
		verb: 'sealReports',
		run: (ctx) => sealReports({ ctx }),
		superAdmin: OK,
		member: FORBIDDEN
	}
];
