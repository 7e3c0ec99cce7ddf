import { redirect } from '@sveltejs/kit';
import { isAllowed } from '$lib/domain/permissions';
import { listWebhooks } from '$lib/server/alerts/list-webhooks';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { user } = await parent();
	if (!isAllowed(user.role, 'webhooks.write')) redirect(303, '/settings/alerts');
	const { ctx } = locals;
	const credit = await loadVerb(() => getOwnCredit({ ctx }));
	const endpoints = await loadVerb(() => listWebhooks({ ctx }));
	return { title: 'Webhooks', ...credit, endpoints };
};
