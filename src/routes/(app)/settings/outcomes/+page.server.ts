import { redirect } from '@sveltejs/kit';
import { isAllowed } from '$lib/domain/permissions';
import { listDispositions } from '$lib/server/outcomes/list-dispositions';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { user } = await parent();
	if (!isAllowed(user.role, 'dispositions.write')) redirect(303, '/dashboard');
	const dispositions = await loadVerb(() => listDispositions({ ctx: locals.ctx }));
	return { title: 'Call outcomes', dispositions };
};
