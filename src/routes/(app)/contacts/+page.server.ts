import { redirect } from '@sveltejs/kit';
import { ContactsQuery } from '$lib/inputs/rest';
import { listContacts } from '$lib/server/contacts/list-contacts';
import { listLeadLists } from '$lib/server/contacts/list-lead-lists';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { parseInput } from '$lib/server/parse';
import { loadVerb } from '../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const { ctx } = locals;
	const credit = await loadVerb(() => getOwnCredit({ ctx }));
	const filters = await loadVerb(async () =>
		parseInput(ContactsQuery, Object.fromEntries(url.searchParams))
	);
	const [contacts, lists] = await Promise.all([
		loadVerb(() => listContacts({ ctx, input: filters })),
		loadVerb(() => listLeadLists({ ctx }))
	]);
	return { title: 'Contacts', ...credit, filters, contacts, lists };
};
