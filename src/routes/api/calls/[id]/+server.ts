import type { RequestHandler } from './$types';
import { CallIdInput } from '$lib/inputs';
import { requirePerson } from '$lib/server/authorize';
import { getCall } from '$lib/server/calls/get-call';
import { answerRest } from '$lib/server/http/rest';
import { toCallBody, toReceiptBody } from '$lib/server/http/rest-bodies';
import { parseInput } from '$lib/server/parse';

export const GET: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'calls.read');
		const input = parseInput(CallIdInput, { callId: event.params.id });
		const detail = await getCall({ ctx, input });
		return { body: { call: toCallBody(detail), receipt: toReceiptBody(detail) } };
	});
