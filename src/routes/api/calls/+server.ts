import type { RequestHandler } from './$types';
import { PlaceCallBody } from '$lib/inputs/rest';
import { PlaceCallInput } from '$lib/inputs';
import { requirePerson } from '$lib/server/authorize';
import { getCall } from '$lib/server/calls/get-call';
import { blockError, placeCall } from '$lib/server/calls/place-call';
import { answerRest, readJson } from '$lib/server/http/rest';
import { toCallBody } from '$lib/server/http/rest-bodies';
import { parseInput } from '$lib/server/parse';

export const POST: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'calls.place');
		const body = await readJson(event, PlaceCallBody);
		const idempotencyKey = event.request.headers.get('idempotency-key') ?? undefined;
		const input = parseInput(PlaceCallInput, { ...body, idempotencyKey });
		const placed = await placeCall({ ctx, input });
		if (!placed.placed) throw blockError(placed.block);
		const detail = await getCall({ ctx, input: { callId: placed.call.id } });
		return { status: 201, body: { call: toCallBody(detail) } };
	});
