import type { RequestEvent } from '@sveltejs/kit';
import { AppError, httpStatusOf, type AppErrorCode } from '../errors';
import { toErrorBody } from '../trpc/init';
import { isRestPath, isTrpcPath } from './paths';

/**
 * A refusal before any page or procedure ran: JSON for programs, what tRPC's client reads for our pages, a
 * plain sentence for people.
 */
export function refuse(event: RequestEvent, code: AppErrorCode, message: string): Response {
	const status = httpStatusOf(code);
	const { pathname } = event.url;
	if (isRestPath(pathname)) return Response.json({ error: { code, message } }, { status });
	if (isTrpcPath(pathname)) {
		return Response.json(toErrorBody(new AppError(code, message)), { status });
	}
	return new Response(message, {
		status,
		headers: { 'content-type': 'text/plain; charset=utf-8' }
	});
}
