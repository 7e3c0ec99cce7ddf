import type { RequestHandler } from './$types';
import { TransactionsQuery } from '$lib/inputs/rest';
import { requirePerson } from '$lib/server/authorize';
import { answerRest } from '$lib/server/http/rest';
import { toTransactionsBody } from '$lib/server/http/rest-bodies';
import { parseInput } from '$lib/server/parse';
import { listTransactions } from '$lib/server/wallet/list-transactions';

export const GET: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'wallet.read');
		const input = parseInput(TransactionsQuery, Object.fromEntries(event.url.searchParams));
		return { body: toTransactionsBody(await listTransactions({ ctx, input })) };
	});
