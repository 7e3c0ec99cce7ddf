import { redirect } from '@sveltejs/kit';
import { getLeadsPage } from '$lib/server/contacts/get-leads-page';
import { loadVerb } from '../load-verb.server';
import type { PageServerLoad } from './$types';

const SEARCH_MAX = 100;

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const search = url.searchParams.get('search')?.trim().slice(0, SEARCH_MAX) ?? '';
	const leadsPage = await loadVerb(() =>
		getLeadsPage({
			ctx: locals.ctx,
			input: {
				listId: url.searchParams.get('list') ?? undefined,
				search: search || undefined
			}
		})
	);
	return { title: 'Leads', search, ...leadsPage };
};
