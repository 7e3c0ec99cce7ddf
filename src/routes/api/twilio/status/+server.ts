import type { RequestHandler } from './$types';
import { readForm } from '$lib/server/http/read-form';
import { receiveTwilioStatus } from '$lib/server/webhooks/receive-twilio-status';

const receive: RequestHandler = async ({ request, url, locals }) => {
	const answer = await receiveTwilioStatus(locals.ctx.services, {
		pathAndQuery: url.pathname + url.search,
		signature: request.headers.get('x-twilio-signature'),
		form: await readForm(request)
	});
	return new Response(answer.body, { status: answer.status });
};

export const GET = receive;
export const POST = receive;
