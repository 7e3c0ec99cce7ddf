import type { RequestHandler } from './$types';
import { checkReadiness } from '$lib/server/http/check-readiness';

export const GET: RequestHandler = async ({ locals }) => {
	const problem = await checkReadiness(locals.ctx.services);
	return new Response(problem ?? 'ready', { status: problem === null ? 200 : 503 });
};
