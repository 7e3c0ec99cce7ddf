import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The door: everyone is led to where their work is. */
export const load: PageServerLoad = ({ locals }) => {
	if (!locals.user) redirect(303, '/login');
	redirect(303, locals.user.role === 'super_admin' ? '/admin' : '/leads');
};
