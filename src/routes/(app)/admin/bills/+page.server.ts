import { ListBillFindingsInput } from '$lib/inputs';
import { listBillChecks } from '$lib/server/bills/list-bill-checks';
import { listBillFindings } from '$lib/server/bills/list-bill-findings';
import { listEndConflicts } from '$lib/server/bills/list-end-conflicts';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, parent, url }) => {
	await parent();
	const read = ListBillFindingsInput.safeParse({
		checkId: url.searchParams.get('check') ?? undefined,
		kind: url.searchParams.get('kind') ?? undefined
	});
	const chosen = read.success ? read.data : null;
	const [checks, findings, conflicts] = await loadVerb(() =>
		Promise.all([
			listBillChecks({ ctx, input: {} }),
			chosen ? listBillFindings({ ctx, input: chosen }) : null,
			listEndConflicts({ ctx, input: {} })
		])
	);
	return { title: 'Bill checks', chosen, checks, findings, conflicts };
};
