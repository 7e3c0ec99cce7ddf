import { FLEET_SORTS } from '$lib/inputs';
import { getFleet } from '$lib/server/fleet/get-fleet';
import { loadVerb } from '../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	await parent();
	const { searchParams } = url;
	const filter = {
		search: searchParams.get('search') ?? '',
		sort: FLEET_SORTS.find((sort) => sort === searchParams.get('sort')) ?? ('empties' as const),
		archived: searchParams.get('show') === 'archived'
	};
	const fleet = await loadVerb(() => getFleet({ ctx: locals.ctx, input: filter }));
	return { title: 'Organizations', filter, ...fleet };
};
