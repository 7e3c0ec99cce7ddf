import { answerRest } from '$lib/server/http/rest';
import { followSandboxPhone } from '$lib/server/softphone/relay-to-sandbox';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	answerRest(event, () =>
		followSandboxPhone(event.locals.ctx, event.params.sid, event.request.signal)
	);
