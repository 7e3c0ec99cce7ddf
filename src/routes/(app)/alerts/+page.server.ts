import { listAlerts } from '$lib/server/alerts/list-alerts';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { ListAlertsInput } from '$lib/inputs';
import { loadVerb } from '../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { user } = await parent();
	const { ctx } = locals;
	const credit = user.organizationId === null ? {} : await loadVerb(() => getOwnCredit({ ctx }));
	const inbox = await loadVerb(() => listAlerts({ ctx, input: ListAlertsInput.parse({}) }));
	return { title: 'Alerts', ...credit, inbox };
};
