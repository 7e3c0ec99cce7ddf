import { error, redirect } from '@sveltejs/kit';
import { ImportIdInput } from '$lib/inputs';
import { getImport } from '$lib/server/contact-imports/get-import';
import { listLeadLists } from '$lib/server/contacts/list-lead-lists';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { loadVerb } from '../../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, parent }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const { ctx } = locals;
	const input = ImportIdInput.safeParse({ importId: params.id });
	if (!input.success) error(404, 'There is no such import.');
	const credit = await loadVerb(() => getOwnCredit({ ctx }));
	const [found, lists] = await loadVerb(() =>
		Promise.all([getImport({ ctx, input: input.data }), listLeadLists({ ctx })])
	);
	return { title: 'Import contacts', ...credit, found, lists };
};
