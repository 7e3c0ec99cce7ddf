import type { RequestHandler } from './$types';
import { CheckAvailabilityBody } from '$lib/inputs/rest';
import { answerRest, readJson } from '$lib/server/http/rest';
import { toAvailabilityBody } from '$lib/server/http/rest-bodies';
import { checkAvailability } from '$lib/server/minutes/check-availability';
import { requirePerson } from '$lib/server/authorize';

export const POST: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'minutes.read');
		const input = await readJson(event, CheckAvailabilityBody);
		return { body: toAvailabilityBody(await checkAvailability({ ctx, input })) };
	});
