import { error, redirect } from '@sveltejs/kit';
import { ContactIdInput } from '$lib/inputs';
import { getContact } from '$lib/server/contacts/get-contact';
import { getTimeline } from '$lib/server/contacts/get-timeline';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, parent }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const { ctx } = locals;
	const input = ContactIdInput.safeParse({ contactId: params.id });
	if (!input.success) error(404, 'There is no such contact.');
	const credit = await loadVerb(() => getOwnCredit({ ctx }));
	const [detail, timeline] = await loadVerb(() =>
		Promise.all([
			getContact({ ctx, input: input.data }),
			getTimeline({ ctx, input: { contactId: input.data.contactId } })
		])
	);
	return { title: detail.contact.name, ...credit, ...detail, timeline };
};
