import { redirect } from '@sveltejs/kit';
import { ListReportsInput } from '$lib/inputs';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { parseInput } from '$lib/server/parse';
import { listReports } from '$lib/server/reports/list-reports';
import { loadVerb } from '../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	const { user } = await parent();
	const named = url.searchParams.get('organization_id');
	if (user.role === 'super_admin' && !named) redirect(303, '/admin');
	const { ctx } = locals;
	return loadVerb(async () => {
		const organizationId = named ? Number(named) : undefined;
		const input = parseInput(ListReportsInput, { organizationId });
		const reports = await listReports({ ctx, input });
		const credit = user.role === 'super_admin' ? {} : await getOwnCredit({ ctx });
		return { title: 'Reports', ...credit, reports };
	});
};
