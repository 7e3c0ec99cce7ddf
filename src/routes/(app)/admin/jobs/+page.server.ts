import { listJobs } from '$lib/server/background/list-jobs';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	await parent();
	const jobs = await loadVerb(() => listJobs({ ctx: locals.ctx }));
	return { title: 'Jobs', jobs };
};
