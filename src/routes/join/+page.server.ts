import { fail, redirect } from '@sveltejs/kit';
import { AppError, httpStatusOf } from '$lib/server/errors';
import { readForm } from '$lib/server/http/read-form';
import { acceptInvitation } from '$lib/server/team/accept-invitation';
import { findInvitation } from '$lib/server/team/find-invitation';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const token = url.searchParams.get('token') ?? '';
	const invitation = await findInvitation({ ctx: locals.ctx, input: { token } });
	return { invitation, signedInAs: locals.user?.email ?? null };
};

export const actions: Actions = {
	default: async ({ request, cookies, locals, url }) => {
		const { name = '', password = '' } = await readForm(request);
		try {
			const { name: cookie, ...rest } = await acceptInvitation({
				ctx: locals.ctx,
				input: { token: url.searchParams.get('token') ?? '', name, password },
				from: {
					address: locals.ctx.request?.address ?? 'unknown',
					userAgent: request.headers.get('user-agent')
				}
			});
			cookies.set(cookie, rest.value, { path: '/', ...rest.attributes });
		} catch (thrown) {
			if (!(thrown instanceof AppError)) throw thrown;
			const { message, fields, code } = thrown;
			return fail(httpStatusOf(code), { name, message, fields });
		}
		redirect(303, '/');
	}
};
