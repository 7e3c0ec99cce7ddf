import type { RequestEvent } from '@sveltejs/kit';
import { httpStatusOf, type AppErrorCode } from '../errors';
import { isRestPath } from './paths';

/** A refusal before any page or procedure ran: JSON for programs, a plain sentence for people. */
export function refuse(event: RequestEvent, code: AppErrorCode, message: string): Response {
	const status = httpStatusOf(code);
	return isRestPath(event.url.pathname)
		? Response.json({ error: { code, message } }, { status })
		: new Response(message, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
