import { fail, redirect } from '@sveltejs/kit';
import { AppError, httpStatusOf } from '$lib/server/errors';
import { readForm } from '$lib/server/http/read-form';
import { createFirstAdmin } from '$lib/server/setup/create-first-admin';
import { isSetUp } from '$lib/server/setup/is-set-up';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	if (await isSetUp(locals.ctx.services)) redirect(303, '/login');
	return { hasToken: url.searchParams.has('token') };
};

export const actions: Actions = {
	default: async ({ request, cookies, locals, url }) => {
		const { name = '', email = '', password = '' } = await readForm(request);
		try {
			const token = url.searchParams.get('token') ?? '';
			const { name: cookie, ...rest } = await createFirstAdmin({
				ctx: locals.ctx,
				input: { token, name, email, password },
				from: {
					address: locals.ctx.request?.address ?? 'unknown',
					userAgent: request.headers.get('user-agent')
				}
			});
			cookies.set(cookie, rest.value, { path: '/', ...rest.attributes });
		} catch (thrown) {
			if (!(thrown instanceof AppError)) throw thrown;
			const { message, fields, code } = thrown;
			return fail(httpStatusOf(code), { name, email, message, fields });
		}
		redirect(303, '/admin/start');
	}
};
