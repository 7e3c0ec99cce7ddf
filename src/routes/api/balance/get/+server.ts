import type { RequestHandler } from './$types';
import { WalletQuery } from '$lib/inputs/rest';
import { requirePerson } from '$lib/server/authorize';
import { answerRest } from '$lib/server/http/rest';
import { toBalanceBody } from '$lib/server/http/rest-bodies';
import { parseInput } from '$lib/server/parse';
import { getWallet } from '$lib/server/wallet/get-wallet';

export const GET: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'wallet.read');
		const input = parseInput(WalletQuery, Object.fromEntries(event.url.searchParams));
		const { credits } = await getWallet({ ctx, input });
		return { body: toBalanceBody(credits) };
	});
