import { getPlatformSettings } from '$lib/server/settings/platform-settings';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	await parent();
	const settings = await loadVerb(() => getPlatformSettings({ ctx: locals.ctx }));
	return { title: 'Settings', settings };
};
