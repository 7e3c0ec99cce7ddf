import { listTokens } from '$lib/server/tokens/list-tokens';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	await parent();
	const tokens = await loadVerb(() => listTokens({ ctx: locals.ctx, input: {} }));
	return { title: 'API tokens', tokens };
};
