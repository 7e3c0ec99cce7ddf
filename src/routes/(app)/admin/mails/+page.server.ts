import { listMails } from '$lib/server/mails/list-mails';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const cursor = url.searchParams.get('before') ?? undefined;
	const mails = await loadVerb(() => listMails({ ctx: locals.ctx, input: { cursor } }));
	return { title: 'Mails', mails };
};
