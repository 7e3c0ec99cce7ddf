import { getFleet } from '$lib/server/organizations/get-fleet';
import { loadVerb } from '../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	await parent();
	const fleet = await loadVerb(() => getFleet({ ctx: locals.ctx }));
	return { title: 'Organizations', ...fleet };
};
