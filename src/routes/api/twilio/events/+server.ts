import type { RequestHandler } from './$types';
import { TwilioEventsQuery } from '$lib/inputs/rest';
import { requirePerson } from '$lib/server/authorize';
import { listCallEvents } from '$lib/server/calls/list-call-events';
import { answerRest } from '$lib/server/http/rest';
import { toCallEventsBody } from '$lib/server/http/rest-bodies';
import { parseInput } from '$lib/server/parse';

export const GET: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'calls.read');
		const input = parseInput(TwilioEventsQuery, Object.fromEntries(event.url.searchParams));
		return { body: toCallEventsBody(await listCallEvents({ ctx, input })) };
	});
