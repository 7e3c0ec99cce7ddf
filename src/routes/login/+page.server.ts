import { fail, redirect, type Cookies } from '@sveltejs/kit';
import { demoLogins } from '$lib/server/auth/demo-logins';
import { signIn } from '$lib/server/auth/sign-in';
import { isSetUp } from '$lib/server/setup/is-set-up';
import { readForm } from '$lib/server/http/read-form';
import { keepDeviceCookie, readDeviceCookie } from '$lib/server/http/device-cookie';
import type { Actions, PageServerLoad } from './$types';
import { localPath } from './local-path';

export const load: PageServerLoad = async ({ locals, url }) => {
	if (locals.user) redirect(303, localPath(url.searchParams.get('next'), url.origin));
	if (!(await isSetUp(locals.ctx.services))) redirect(303, '/setup');
	return { demoLogins: demoLogins(), isReset: url.searchParams.has('reset') };
};

export const actions: Actions = {
	default: async ({ request, cookies, locals, url }) => {
		const form = await readForm(request);
		const email = (form.email ?? '').trim();
		const password = form.password ?? '';
		if (!email || !password) {
			const missing = email ? 'password' : 'e-mail address';
			return fail(422, { email, needsCode: false, message: `Enter your ${missing} to sign in.` });
		}
		const result = await signIn({
			ctx: locals.ctx,
			input: {
				email,
				password,
				code: form.code ?? null,
				device: readDeviceCookie(cookies),
				address: locals.ctx.request?.address ?? 'unknown',
				userAgent: request.headers.get('user-agent')
			}
		});
		if (!result.ok) {
			const { message, needsCode } = result;
			return fail(401, { email, message, needsCode });
		}
		keepSession(cookies, result);
		redirect(303, localPath(url.searchParams.get('next'), url.origin));
	}
};

function keepSession(
	cookies: Cookies,
	{ sessionCookie, device }: Extract<Awaited<ReturnType<typeof signIn>>, { ok: true }>
): void {
	const { name, value, attributes } = sessionCookie;
	cookies.set(name, value, { path: '/', ...attributes });
	keepDeviceCookie(cookies, device);
}
