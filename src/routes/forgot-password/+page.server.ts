import { fail } from '@sveltejs/kit';
import { requestPasswordReset } from '$lib/server/auth/request-password-reset';
import { AppError, httpStatusOf } from '$lib/server/errors';
import { readForm } from '$lib/server/http/read-form';
import type { Actions } from './$types';

export const actions: Actions = {
	default: async ({ request, locals }) => {
		const { email = '' } = await readForm(request);
		const address = locals.ctx.request?.address ?? 'unknown';
		try {
			await requestPasswordReset({ ctx: locals.ctx, input: { email, address } });
		} catch (thrown) {
			if (!(thrown instanceof AppError)) throw thrown;
			return fail(httpStatusOf(thrown.code), { email, message: thrown.message, isSent: false });
		}
		return { email, message: null, isSent: true };
	}
};
