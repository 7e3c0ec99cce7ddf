import { getSetupChecklist } from '$lib/server/setup/get-setup-checklist';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const checklist = await loadVerb(() => getSetupChecklist({ ctx: locals.ctx }));
	return { title: 'Getting started', checklist };
};
