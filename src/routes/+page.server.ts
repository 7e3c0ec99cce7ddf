import { redirect } from '@sveltejs/kit';
import { isSetUp } from '$lib/server/setup/is-set-up';
import type { PageServerLoad } from './$types';

/** The door: everyone is led to where their work is. */
export const load: PageServerLoad = async ({ locals }) => {
	const { user, ctx } = locals;
	if (!user) redirect(303, (await isSetUp(ctx.services)) ? '/login' : '/setup');
	redirect(303, user.role === 'super_admin' ? '/admin' : '/leads');
};
