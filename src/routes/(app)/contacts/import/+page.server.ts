import { redirect } from '@sveltejs/kit';
import { listImports } from '$lib/server/contact-imports/list-imports';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const { ctx } = locals;
	const credit = await loadVerb(() => getOwnCredit({ ctx }));
	return {
		title: 'Import contacts',
		...credit,
		imports: await loadVerb(() => listImports({ ctx }))
	};
};
