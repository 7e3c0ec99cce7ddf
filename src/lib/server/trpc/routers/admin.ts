import {
	AdjustWalletInput,
	AllocateMinutesInput,
	CancelScheduleInput,
	DisputeFreezeInput,
	FleetInput,
	GrantMinutesInput,
	HistoryInput,
	ListMailsInput,
	ListSchedulesInput,
	PaymentsInput,
	RefundPaymentInput,
	RevokeAllocationInput,
	ScheduleAllocationInput
} from '$lib/inputs';
import { getFleetTotals } from '../../fleet/get-fleet-totals';
import { listFleet } from '../../fleet/list-fleet';
import { listMails } from '../../mails/list-mails';
import { allocateMinutes } from '../../minutes/allocate-minutes';
import { cancelSchedule } from '../../minutes/cancel-schedule';
import { grantMinutes } from '../../minutes/grant-minutes';
import { listAllocationHistory } from '../../minutes/list-allocation-history';
import { listSchedules } from '../../minutes/list-schedules';
import { revokeAllocation } from '../../minutes/revoke-allocation';
import { scheduleAllocation } from '../../minutes/schedule-allocation';
import { listAllPayments } from '../../payments/list-payments';
import { refundPayment } from '../../payments/refund-payment';
import { setDisputeFreeze } from '../../payments/set-dispute-freeze';
import { adjustWallet } from '../../wallet/adjust-wallet';
import { allowed, router } from '../init';
import { adminBillChecksRouter } from './admin-bill-checks';
import { adminGuardRouter } from './admin-guard';
import {
	adminAuditRouter,
	adminCallsRouter,
	adminJobsRouter,
	adminRatesRouter,
	adminSettingsRouter
} from './admin-console';
import { adminDeliveriesRouter } from './admin-deliveries';
import { adminOrganizationsRouter } from './admin-organizations';
import { adminCallerIdsRouter, adminProvidersRouter } from './admin-providers';

export const adminRouter = router({
	guard: adminGuardRouter,
	fleet: allowed('fleet.read')
		.input(FleetInput)
		.query(({ ctx, input }) => listFleet({ ctx, input })),
	fleetTotals: allowed('fleet.read').query(({ ctx }) => getFleetTotals({ ctx })),
	mails: allowed('mails.read')
		.input(ListMailsInput)
		.query(({ ctx, input }) => listMails({ ctx, input })),
	minutes: router({
		allocate: allowed('minutes.allocate')
			.input(AllocateMinutesInput)
			.mutation(({ ctx, input }) => allocateMinutes({ ctx, input })),
		grant: allowed('minutes.allocate')
			.input(GrantMinutesInput)
			.mutation(({ ctx, input }) => grantMinutes({ ctx, input })),
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
	billChecks: adminBillChecksRouter,
	callerIds: adminCallerIdsRouter,
	providers: adminProvidersRouter,
	deliveries: adminDeliveriesRouter,
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
	organizations: adminOrganizationsRouter,
	calls: adminCallsRouter,
	audit: adminAuditRouter,
	rates: adminRatesRouter,
	jobs: adminJobsRouter,
	settings: adminSettingsRouter
});
