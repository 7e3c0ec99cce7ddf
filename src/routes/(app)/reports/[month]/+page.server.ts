import { ReportInput } from '$lib/inputs';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { parseInput } from '$lib/server/parse';
import { getReport } from '$lib/server/reports/get-report';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, params, url }) => {
	const { user } = await parent();
	const named = url.searchParams.get('organization_id');
	const { ctx } = locals;
	return loadVerb(async () => {
		const organizationId = named ? Number(named) : undefined;
		const input = parseInput(ReportInput, { organizationId, month: params.month });
		const sealed = await getReport({ ctx, input });
		const credit = user.role === 'super_admin' ? {} : await getOwnCredit({ ctx });
		return { title: 'Usage report', ...credit, sealed };
	});
};
