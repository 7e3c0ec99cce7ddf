import { CallIdInput } from '$lib/inputs';
import { getCall } from '$lib/server/calls/get-call';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { listDeliveries } from '$lib/server/deliveries/list-deliveries';
import { getCallNotes } from '$lib/server/outcomes/get-call-notes';
import { AppError } from '$lib/server/errors';
import { loadVerb } from '../../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, params, depends }) => {
	depends('talktime:call');
	const { user } = await parent();
	const { ctx } = locals;
	return loadVerb(async () => {
		const input = CallIdInput.safeParse({ callId: params.id });
		if (!input.success) throw new AppError('not_found', 'There is no such call.');
		const isAdmin = user.role === 'super_admin';
		const credit = isAdmin ? {} : await getOwnCredit({ ctx });
		const [detail, written, deliveries] = await Promise.all([
			getCall({ ctx, input: input.data }),
			isAdmin ? null : getCallNotes({ ctx, input: input.data }),
			isAdmin ? listDeliveries({ ctx, input: input.data }) : null
		]);
		return { title: 'Call', ...credit, detail, written, deliveries: deliveries?.rows ?? null };
	});
};
