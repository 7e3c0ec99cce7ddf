import { AddCallerIdInput, CallerIdInput } from '$lib/inputs';
import { addCallerId } from '../../caller-ids/add-caller-id';
import { listCallerIds } from '../../caller-ids/list-caller-ids';
import { removeCallerId } from '../../caller-ids/remove-caller-id';
import { listProviderHealth } from '../../calls/list-provider-health';
import { allowed, router } from '../init';

export const adminProvidersRouter = router({
	health: allowed('providers.read').query(({ ctx }) => listProviderHealth({ ctx }))
});

export const adminCallerIdsRouter = router({
	list: allowed('providers.read').query(({ ctx }) => listCallerIds({ ctx })),
	add: allowed('caller_ids.write')
		.input(AddCallerIdInput)
		.mutation(({ ctx, input }) => addCallerId({ ctx, input })),
	remove: allowed('caller_ids.write')
		.input(CallerIdInput)
		.mutation(({ ctx, input }) => removeCallerId({ ctx, input }))
});
