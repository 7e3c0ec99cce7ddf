import { EstimateCallInput } from '$lib/inputs';
import { estimateCall } from '../../wallet/estimate-call';
import { allowed, router } from '../init';

export const walletRouter = router({
	estimate: allowed('wallet.read')
		.input(EstimateCallInput)
		.query(({ ctx, input }) => estimateCall({ ctx, input }))
});
