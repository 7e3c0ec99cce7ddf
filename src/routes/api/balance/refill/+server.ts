import type { RequestHandler } from './$types';
import { RefillBody } from '$lib/inputs/rest';
import { requirePerson } from '$lib/server/authorize';
import { answerRest, readJson } from '$lib/server/http/rest';
import { startTopUp } from '$lib/server/wallet/start-top-up';

export const POST: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'wallet.pay');
		const input = await readJson(event, RefillBody);
		return { body: await startTopUp({ ctx, input }) };
	});
