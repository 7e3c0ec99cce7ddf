import type { RequestHandler } from './$types';
import { ConsumeMinutesBody } from '$lib/inputs/rest';
import { requirePerson } from '$lib/server/authorize';
import { answerRest, readJson } from '$lib/server/http/rest';
import { toConsumedBody } from '$lib/server/http/rest-bodies';
import { consumeMinutes } from '$lib/server/minutes/consume-minutes';

export const POST: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'minutes.consume');
		const input = await readJson(event, ConsumeMinutesBody);
		return { body: toConsumedBody(await consumeMinutes({ ctx, input })) };
	});
