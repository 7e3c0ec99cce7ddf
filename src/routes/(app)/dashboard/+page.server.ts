import { redirect } from '@sveltejs/kit';
import { getDashboard } from '$lib/server/dashboard/get-dashboard';
import { loadVerb } from '../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const dashboard = await loadVerb(() => getDashboard({ ctx: locals.ctx }));
	return { title: 'Dashboard', ...dashboard };
};
