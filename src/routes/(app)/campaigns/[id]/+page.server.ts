import { redirect } from '@sveltejs/kit';
import { getCampaignPage } from '$lib/server/campaigns/get-campaign-page';
import { LEAD_STATES } from '$lib/domain/campaigns/campaign';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, params, url }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const named = url.searchParams.get('state');
	const state = LEAD_STATES.find((known) => known === named) ?? null;
	const page = await loadVerb(() =>
		getCampaignPage({
			ctx: locals.ctx,
			input: { campaignId: params.id, state: state ?? undefined }
		})
	);
	return { title: page.campaign.progress.name, state, ...page };
};
