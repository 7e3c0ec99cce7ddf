import { redirect } from '@sveltejs/kit';
import { FinishTopUpInput } from '$lib/inputs';
import { parseInput } from '$lib/server/parse';
import { finishTopUp } from '$lib/server/wallet/finish-top-up';
import { loadVerb } from '../../../load-verb.server';
import type { PageServerLoad } from './$types';

/** Where Stripe sends the payer back to: books at once what the webhook would book in a moment. */
export const load: PageServerLoad = async ({ locals, parent, url }) => {
	await parent();
	const { paymentId } = await loadVerb(() => {
		const sessionId = url.searchParams.get('session_id') ?? '';
		return finishTopUp({ ctx: locals.ctx, input: parseInput(FinishTopUpInput, { sessionId }) });
	});
	redirect(303, `/settings/billing?payment=${paymentId}`);
};
