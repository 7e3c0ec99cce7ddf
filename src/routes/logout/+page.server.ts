import { redirect } from '@sveltejs/kit';
import { signOut } from '$lib/server/auth/sign-out';
import type { Actions, PageServerLoad } from './$types';

/** Only a post signs out; whoever comes by the address goes on to the start page. */
export const load: PageServerLoad = () => redirect(303, '/');

export const actions: Actions = {
	default: async ({ cookies, locals }) => {
		const { sessionCookie } = await signOut({
			ctx: locals.ctx,
			input: { sessionId: locals.sessionId }
		});
		cookies.set(sessionCookie.name, sessionCookie.value, {
			path: '/',
			...sessionCookie.attributes
		});
		redirect(303, '/login');
	}
};
