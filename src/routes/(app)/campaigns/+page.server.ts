import { redirect } from '@sveltejs/kit';
import { getCampaignsPage } from '$lib/server/campaigns/get-campaigns-page';
import { loadVerb } from '../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const page = await loadVerb(() => getCampaignsPage({ ctx: locals.ctx }));
	return { title: 'Campaigns', ...page };
};
