import type { RequestHandler } from '@sveltejs/kit';
import type { Services } from '../services';
import type { KeyedRequest } from '../webhooks/keyed-request';
import type { WebhookAnswer } from '../webhooks/answer';
import { clientAddress } from './client-address';
import { readBytes, WEBHOOK_BYTES_MAX } from './read-bytes';

/** A door of a provider that signs nothing: the verb is given the body as it came, and who brought it. */
export function answerKeyed(
	receive: (services: Services, request: KeyedRequest) => Promise<WebhookAnswer>
): RequestHandler {
	return async ({ request, url, locals, getClientAddress }) => {
		const { services } = locals.ctx;
		const body = await readBytes(request, WEBHOOK_BYTES_MAX);
		if (body === null) return new Response('The body is longer than 2 MB.', { status: 413 });
		const answer = await receive(services, {
			query: url.searchParams,
			contentType: request.headers.get('content-type') ?? '',
			body,
			address: clientAddress(
				getClientAddress(),
				request.headers.get('x-forwarded-for'),
				services.config.trustedProxyCount
			)
		});
		return new Response(answer.body, { status: answer.status });
	};
}
