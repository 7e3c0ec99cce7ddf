import { getAccount } from '$lib/server/account/get-account';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { user } = await parent();
	const { ctx } = locals;
	const credit = user.role === 'super_admin' ? {} : await loadVerb(() => getOwnCredit({ ctx }));
	const account = await loadVerb(() => getAccount({ ctx }));
	return { title: 'Your account', ...credit, account };
};
