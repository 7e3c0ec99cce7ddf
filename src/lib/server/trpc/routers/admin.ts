import {
	AdjustWalletInput,
	AllocateMinutesInput,
	DisputeFreezeInput,
	HistoryInput,
	PaymentsInput,
	RefundPaymentInput,
	RevokeAllocationInput,
	SetActiveInput
} from '$lib/inputs';
import { allocateMinutes } from '../../minutes/allocate-minutes';
import { listAllocationHistory } from '../../minutes/list-allocation-history';
import { revokeAllocation } from '../../minutes/revoke-allocation';
import { getFleet } from '../../organizations/get-fleet';
import { setActive } from '../../organizations/set-active';
import { listAllPayments } from '../../payments/list-payments';
import { refundPayment } from '../../payments/refund-payment';
import { setDisputeFreeze } from '../../payments/set-dispute-freeze';
import { adjustWallet } from '../../wallet/adjust-wallet';
import { allowed, router } from '../init';

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
	wallet: router({
		adjust: allowed('wallet.adjust')
			.input(AdjustWalletInput)
			.mutation(({ ctx, input }) => adjustWallet({ ctx, input }))
	}),
	payments: router({
		list: allowed('payments.refund')
			.input(PaymentsInput)
			.query(({ ctx, input }) => listAllPayments({ ctx, input })),
		refund: allowed('payments.refund')
			.input(RefundPaymentInput)
			.mutation(({ ctx, input }) => refundPayment({ ctx, input })),
		setDisputeFreeze: allowed('organizations.switch')
			.input(DisputeFreezeInput)
			.mutation(({ ctx, input }) => setDisputeFreeze({ ctx, input }))
	}),
	organizations: router({
		setActive: allowed('organizations.switch')
			.input(SetActiveInput)
			.mutation(({ ctx, input }) => setActive({ ctx, input }))
	})
});
