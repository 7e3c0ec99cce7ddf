import type { RequestHandler } from './$types';
import { receiveStripeEvent } from '$lib/server/webhooks/receive-stripe-event';

export const POST: RequestHandler = async ({ request, locals }) => {
	const answer = await receiveStripeEvent(locals.ctx, {
		rawBody: Buffer.from(await request.arrayBuffer()),
		signature: request.headers.get('stripe-signature')
	});
	return new Response(answer.body, { status: answer.status });
};
