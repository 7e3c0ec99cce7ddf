import { DeliveryFilter } from '$lib/inputs';
import { listProviderHealth } from '$lib/server/calls/list-provider-health';
import { listDeliveries } from '$lib/server/deliveries/list-deliveries';
import { listGaps } from '$lib/server/deliveries/list-gaps';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	await parent();
	const { searchParams } = url;
	const read = DeliveryFilter.safeParse({
		provider: searchParams.get('provider') ?? undefined,
		state: searchParams.get('state') ?? undefined,
		callId: searchParams.get('call') ?? undefined
	});
	const filter: DeliveryFilter = read.success ? read.data : {};
	const { ctx } = locals;
	const [deliveries, gaps, health] = await loadVerb(() =>
		Promise.all([
			listDeliveries({ ctx, input: filter }),
			listGaps({ ctx }),
			listProviderHealth({ ctx })
		])
	);
	return { title: 'Deliveries', filter, deliveries, gaps, health };
};
