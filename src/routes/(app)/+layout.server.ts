import { redirect } from '@sveltejs/kit';
import { getOwnCredit } from '$lib/server/dashboard/get-own-credit';
import { PUT_AWAY_COOKIE } from '$lib/state/put-away-cookie';
import { loadVerb } from './load-verb.server';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, url, cookies }) => {
	const { user, ctx } = locals;
	if (!user) redirect(303, `/login?next=${encodeURIComponent(url.pathname + url.search)}`);
	// Every page of a member shows the credit and says when it runs out.
	const credit = user.organizationId === null ? null : await loadVerb(() => getOwnCredit({ ctx }));
	const putAwayCookie = cookies.get(PUT_AWAY_COOKIE) ?? null;
	return { user, nowMs: Date.now(), putAwayCookie, ...credit };
};
