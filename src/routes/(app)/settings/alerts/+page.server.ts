import { listAlertPreferences } from '$lib/server/alerts/list-preferences';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { user } = await parent();
	const { ctx } = locals;
	const credit = user.organizationId === null ? {} : await loadVerb(() => getOwnCredit({ ctx }));
	const preferences = await loadVerb(() => listAlertPreferences({ ctx }));
	return { title: 'Alert settings', ...credit, preferences };
};
