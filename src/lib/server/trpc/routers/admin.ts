import {
	AdjustWalletInput,
	AllocateMinutesInput,
	HistoryInput,
	RevokeAllocationInput,
	SetActiveInput,
	SetProvidersInput
} from '$lib/inputs';
import { allocateMinutes } from '../../minutes/allocate-minutes';
import { listAllocationHistory } from '../../minutes/list-allocation-history';
import { revokeAllocation } from '../../minutes/revoke-allocation';
import { getFleet } from '../../organizations/get-fleet';
import { setActive } from '../../organizations/set-active';
import { setProviders } from '../../organizations/set-providers';
import { adjustWallet } from '../../wallet/adjust-wallet';
import { allowed, router } from '../init';
import { adminBillChecksRouter } from './admin-bill-checks';
import { adminDeliveriesRouter } from './admin-deliveries';
import { adminCallerIdsRouter, adminProvidersRouter } from './admin-providers';

export const adminRouter = router({
	fleet: allowed('fleet.read').query(({ ctx }) => getFleet({ ctx })),
	minutes: router({
		allocate: allowed('minutes.allocate')
			.input(AllocateMinutesInput)
			.mutation(({ ctx, input }) => allocateMinutes({ ctx, input })),
		revoke: allowed('minutes.allocate')
			.input(RevokeAllocationInput)
			.mutation(({ ctx, input }) => revokeAllocation({ ctx, input })),
		history: allowed('fleet.read')
			.input(HistoryInput)
			.query(({ ctx, input }) => listAllocationHistory({ ctx, input }))
	}),
	billChecks: adminBillChecksRouter,
	callerIds: adminCallerIdsRouter,
	providers: adminProvidersRouter,
	deliveries: adminDeliveriesRouter,
	wallet: router({
		adjust: allowed('wallet.adjust')
			.input(AdjustWalletInput)
			.mutation(({ ctx, input }) => adjustWallet({ ctx, input }))
	}),
	organizations: router({
		setActive: allowed('organizations.switch')
			.input(SetActiveInput)
			.mutation(({ ctx, input }) => setActive({ ctx, input })),
		setProviders: allowed('organizations.switch')
			.input(SetProvidersInput)
			.mutation(({ ctx, input }) => setProviders({ ctx, input }))
	})
});
