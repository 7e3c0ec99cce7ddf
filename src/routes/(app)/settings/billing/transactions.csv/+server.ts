import { TransactionsInput } from '$lib/inputs';
import { answerCsv } from '$lib/server/http/csv';
import { parseInput } from '$lib/server/parse';
import { exportTransactions } from '$lib/server/wallet/export-transactions';
import { loadVerb } from '../../../load-verb.server';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, url }) =>
	loadVerb(async () => {
		const { type } = parseInput(TransactionsInput.pick({ type: true }), {
			type: url.searchParams.get('type') ?? undefined
		});
		const { ctx } = locals;
		const day = new Date(ctx.nowMs).toISOString().slice(0, 10);
		return answerCsv(
			`talktime-transactions-${day}.csv`,
			exportTransactions({ ctx, input: { type } })
		);
	});
