import type { RequestHandler } from '@sveltejs/kit';
import type { Services } from '../services';
import type { WebhookAnswer } from '../webhooks/answer';
import type { TwilioRequest } from '../webhooks/twilio-request';
import { readForm } from './read-form';

/** A door of Twilio's: the verb is given what was signed. */
export function answerTwilio(
	receive: (services: Services, request: TwilioRequest) => Promise<WebhookAnswer>
): RequestHandler {
	return async ({ request, url, locals }) => {
		const { body, status, contentType } = await receive(locals.ctx.services, {
			pathAndQuery: url.pathname + url.search,
			signature: request.headers.get('x-twilio-signature'),
			form: await readForm(request)
		});
		const headers = { 'content-type': `${contentType ?? 'text/plain'}; charset=utf-8` };
		return new Response(body, { status, headers });
	};
}
