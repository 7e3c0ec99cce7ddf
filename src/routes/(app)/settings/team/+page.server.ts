import { redirect } from '@sveltejs/kit';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { listInvitations } from '$lib/server/team/list-invitations';
import { listMembers } from '$lib/server/team/list-members';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const { ctx } = locals;
	const credit = await loadVerb(() => getOwnCredit({ ctx }));
	const [members, invited] = await loadVerb(() =>
		Promise.all([listMembers({ ctx, input: {} }), listInvitations({ ctx, input: {} })])
	);
	return { title: 'Team', ...credit, members, ...invited };
};
