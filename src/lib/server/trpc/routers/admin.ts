import {
	AdjustWalletInput,
	AllocateMinutesInput,
	CancelScheduleInput,
	HistoryInput,
	ListSchedulesInput,
	RevokeAllocationInput,
	ScheduleAllocationInput,
	SetActiveInput
} from '$lib/inputs';
import { allocateMinutes } from '../../minutes/allocate-minutes';
import { cancelSchedule } from '../../minutes/cancel-schedule';
import { listAllocationHistory } from '../../minutes/list-allocation-history';
import { listSchedules } from '../../minutes/list-schedules';
import { revokeAllocation } from '../../minutes/revoke-allocation';
import { scheduleAllocation } from '../../minutes/schedule-allocation';
import { getFleet } from '../../organizations/get-fleet';
import { setActive } from '../../organizations/set-active';
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
	schedules: router({
		create: allowed('minutes.allocate')
			.input(ScheduleAllocationInput)
			.mutation(({ ctx, input }) => scheduleAllocation({ ctx, input })),
		list: allowed('minutes.allocate')
			.input(ListSchedulesInput)
			.query(({ ctx, input }) => listSchedules({ ctx, input })),
		cancel: allowed('minutes.allocate')
			.input(CancelScheduleInput)
			.mutation(({ ctx, input }) => cancelSchedule({ ctx, input }))
	}),
	wallet: router({
		adjust: allowed('wallet.adjust')
			.input(AdjustWalletInput)
			.mutation(({ ctx, input }) => adjustWallet({ ctx, input }))
	}),
	organizations: router({
		setActive: allowed('organizations.switch')
			.input(SetActiveInput)
			.mutation(({ ctx, input }) => setActive({ ctx, input }))
	})
});
