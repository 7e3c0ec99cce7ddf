import { listRates } from '$lib/server/rates/list-rates';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	await parent();
	const { searchParams } = url;
	const filter = {
		search: (searchParams.get('search') ?? '').slice(0, 100),
		show: searchParams.get('show') === 'all' ? ('all' as const) : ('current' as const)
	};
	const rates = await loadVerb(() => listRates({ ctx: locals.ctx, input: filter }));
	return { title: 'Rates', filter, rates };
};
