import { relaySoftphone } from '$lib/server/http/relay-softphone';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	relaySoftphone(event, () => ({ kind: 'accept', sid: event.params.sid }));
