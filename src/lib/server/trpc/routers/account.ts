import { ProveInput } from '$lib/inputs';
import { provePerson } from '../../auth/prove-person';
import { allowed, router } from '../init';

export const accountRouter = router({
	prove: allowed('account.use')
		.input(ProveInput)
		.mutation(({ ctx, input }) => provePerson({ ctx, input }))
});
