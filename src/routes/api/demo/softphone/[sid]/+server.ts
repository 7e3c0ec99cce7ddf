import { relaySoftphone } from '$lib/server/http/relay-softphone';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	relaySoftphone(event, () => {
		const after = Number(event.url.searchParams.get('after'));
		return { kind: 'news', sid: event.params.sid, after: Number.isInteger(after) ? after : 0 };
	});
