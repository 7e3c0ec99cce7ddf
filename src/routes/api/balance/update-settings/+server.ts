import type { RequestHandler } from './$types';
import { UpdateBalanceSettingsBody } from '$lib/inputs/rest';
import { requirePerson } from '$lib/server/authorize';
import { answerRest, readJson } from '$lib/server/http/rest';
import { toBalanceSettingsBody } from '$lib/server/http/rest-bodies';
import { updateRefillSettings } from '$lib/server/wallet/update-refill-settings';

export const POST: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'wallet.pay');
		const input = await readJson(event, UpdateBalanceSettingsBody);
		return { body: toBalanceSettingsBody(await updateRefillSettings({ ctx, input })) };
	});
