import { redirect } from '@sveltejs/kit';
import { LEAD_OUTCOMES, LEAD_STATUSES } from '$lib/inputs';
import { getLeadsPage } from '$lib/server/contacts/get-leads-page';
import { loadVerb } from '../load-verb.server';
import type { PageServerLoad } from './$types';

const SEARCH_MAX = 100;

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const named = (name: string) => url.searchParams.get(name);
	const search = named('search')?.trim().slice(0, SEARCH_MAX) ?? '';
	const filters = {
		status: LEAD_STATUSES.find((known) => known === named('status')) ?? null,
		outcome: LEAD_OUTCOMES.find((known) => known === named('outcome')) ?? null,
		isCallable: named('time') === 'now'
	};
	const leadsPage = await loadVerb(() =>
		getLeadsPage({
			ctx: locals.ctx,
			input: {
				listId: named('list') ?? undefined,
				search: search || undefined,
				status: filters.status ?? undefined,
				outcome: filters.outcome ?? undefined,
				isCallable: filters.isCallable || undefined
			}
		})
	);
	return { title: 'Leads', search, filters, ...leadsPage };
};
