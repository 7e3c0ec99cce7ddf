import { redirect } from '@sveltejs/kit';
import { getDialer } from '$lib/server/dialer/get-dialer';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

const NUMBER_MAX = 40;

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const dialer = await loadVerb(() => getDialer({ ctx: locals.ctx }));
	const number = url.searchParams.get('number')?.slice(0, NUMBER_MAX) ?? '';
	return { title: 'Dialer', number, ...dialer };
};
