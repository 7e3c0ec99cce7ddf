import { answerRest } from '$lib/server/http/rest';
import { hangUpSandboxPhone } from '$lib/server/softphone/relay-to-sandbox';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	answerRest(event, () => hangUpSandboxPhone(event.locals.ctx, event.params.sid));
