import { fail, redirect } from '@sveltejs/kit';
import { demoLogins } from '$lib/server/auth/demo-logins';
import { signIn } from '$lib/server/auth/sign-in';
import type { Actions, PageServerLoad } from './$types';
import { localPath } from './local-path';

export const load: PageServerLoad = ({ locals, url }) => {
	if (locals.user) redirect(303, localPath(url.searchParams.get('next'), url.origin));
	return { demoLogins: demoLogins() };
};

export const actions: Actions = {
	default: async ({ request, cookies, locals, url }) => {
		const form = await request.formData();
		const email = textOf(form, 'email').trim();
		const password = textOf(form, 'password');
		if (!email || !password) {
			const missing = email ? 'password' : 'e-mail address';
			return fail(422, { email, message: `Enter your ${missing} to sign in.` });
		}
		const result = await signIn({
			ctx: locals.ctx,
			input: {
				email,
				password,
				address: locals.ctx.request?.address ?? 'unknown',
				userAgent: request.headers.get('user-agent')
			}
		});
		if (!result.ok) return fail(401, { email, message: result.message });
		const { name, value, attributes } = result.sessionCookie;
		cookies.set(name, value, { path: '/', ...attributes });
		redirect(303, localPath(url.searchParams.get('next'), url.origin));
	}
};

function textOf(form: FormData, name: string): string {
	const value = form.get(name);
	return typeof value === 'string' ? value : '';
}
