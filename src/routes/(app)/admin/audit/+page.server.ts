import { ListAuditInput } from '$lib/inputs';
import { listAudit, listAuditActors } from '$lib/server/audit/list-audit';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	await parent();
	const { searchParams } = url;
	const read = ListAuditInput.safeParse({
		action: searchParams.get('action') ?? undefined,
		actorUserId: searchParams.get('by') ?? undefined,
		...dayRange(searchParams.get('day'))
	});
	const filter: ListAuditInput = read.success ? read.data : {};
	const [changes, actors] = await loadVerb(() =>
		Promise.all([
			listAudit({ ctx: locals.ctx, input: filter }),
			listAuditActors({ ctx: locals.ctx })
		])
	);
	return { title: 'Audit log', filter, day: searchParams.get('day') ?? '', changes, actors };
};

/** A day in UTC; what is none, is no limit. */
function dayRange(day: string | null): { from?: string; until?: string } {
	const fromMs = Date.parse(`${day}T00:00:00Z`);
	if (Number.isNaN(fromMs)) return {};
	const iso = (ms: number) => new Date(ms).toISOString();
	return { from: iso(fromMs), until: iso(fromMs + 86_400_000) };
}
