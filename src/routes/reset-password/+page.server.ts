import { fail, redirect } from '@sveltejs/kit';
import { findPasswordReset, resetPassword } from '$lib/server/auth/reset-password';
import { AppError, httpStatusOf } from '$lib/server/errors';
import { keepDeviceCookie } from '$lib/server/http/device-cookie';
import { readForm } from '$lib/server/http/read-form';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const token = url.searchParams.get('token') ?? '';
	const found = await findPasswordReset({ ctx: locals.ctx, input: { token } });
	return { email: found?.email ?? null };
};

export const actions: Actions = {
	default: async ({ request, cookies, locals, url }) => {
		const { password = '' } = await readForm(request);
		const token = url.searchParams.get('token') ?? '';
		try {
			const { device } = await resetPassword({ ctx: locals.ctx, input: { token, password } });
			keepDeviceCookie(cookies, device);
		} catch (thrown) {
			if (!(thrown instanceof AppError)) throw thrown;
			return fail(httpStatusOf(thrown.code), { message: thrown.message });
		}
		redirect(303, '/login?reset');
	}
};
