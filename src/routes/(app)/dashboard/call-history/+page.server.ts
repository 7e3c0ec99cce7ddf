import { redirect } from '@sveltejs/kit';
import { CallHistoryQuery } from '$lib/inputs';
import { getAnalytics } from '$lib/server/analytics/get-analytics';
import { getBreakdowns } from '$lib/server/analytics/get-breakdowns';
import { listCalls } from '$lib/server/calls/list-calls';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { parseInput } from '$lib/server/parse';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url, depends }) => {
	depends('talktime:calls');
	const { user } = await parent();
	const isOfNobody = user.role === 'super_admin' && !url.searchParams.has('organization_id');
	if (isOfNobody) redirect(303, '/admin');
	const { ctx } = locals;
	return loadVerb(async () => {
		const input = parseInput(CallHistoryQuery, Object.fromEntries(url.searchParams));
		const credit = user.role === 'super_admin' ? {} : await getOwnCredit({ ctx });
		const [analytics, breakdowns, calls] = await Promise.all([
			getAnalytics({ ctx, input }),
			getBreakdowns({ ctx, input }),
			listCalls({ ctx, input })
		]);
		return { title: 'Call history', ...credit, input, analytics, breakdowns, calls };
	});
};
