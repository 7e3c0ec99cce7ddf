import type { RequestHandler } from './$types';
import { EstimateCallQuery } from '$lib/inputs/rest';
import { requirePerson } from '$lib/server/authorize';
import { answerRest } from '$lib/server/http/rest';
import { toEstimateBody } from '$lib/server/http/rest-bodies';
import { parseInput } from '$lib/server/parse';
import { estimateCall } from '$lib/server/wallet/estimate-call';

export const GET: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'wallet.read');
		const input = parseInput(EstimateCallQuery, Object.fromEntries(event.url.searchParams));
		return { body: toEstimateBody(await estimateCall({ ctx, input })) };
	});
