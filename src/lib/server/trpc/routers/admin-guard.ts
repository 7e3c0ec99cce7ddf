import { GuardInput, SetGuardInput } from '$lib/inputs';
import { getGuard } from '../../fraud/get-guard';
import { listPaused } from '../../fraud/list-paused';
import { releaseGuard } from '../../fraud/release-guard';
import { setGuard } from '../../fraud/set-guard';
import { allowed, router } from '../init';

export const adminGuardRouter = router({
	get: allowed('guard.write')
		.input(GuardInput)
		.query(({ ctx, input }) => getGuard({ ctx, input })),
	paused: allowed('guard.write').query(({ ctx }) => listPaused({ ctx })),
	set: allowed('guard.write')
		.input(SetGuardInput)
		.mutation(({ ctx, input }) => setGuard({ ctx, input })),
	release: allowed('guard.write')
		.input(GuardInput)
		.mutation(({ ctx, input }) => releaseGuard({ ctx, input }))
});
