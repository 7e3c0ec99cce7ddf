import { PROVIDERS } from '$lib/domain/call/event';
import { listFleetCalls } from '$lib/server/calls/list-fleet-calls';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	await parent();
	const { searchParams } = url;
	const provider = PROVIDERS.find((known) => known === searchParams.get('provider'));
	const filter = {
		show: searchParams.get('show') === 'all' ? ('all' as const) : ('live' as const),
		search: (searchParams.get('search') ?? '').slice(0, 100),
		...(provider && { provider })
	};
	const calls = await loadVerb(() => listFleetCalls({ ctx: locals.ctx, input: filter }));
	return { title: 'All calls', filter, calls };
};
