import { tracked } from '@trpc/server';
import {
	AdjustWalletInput,
	AllocateMinutesInput,
	CallIdInput,
	CheckAvailabilityInput,
	FeedInput,
	HistoryInput,
	LeadsPageInput,
	PlaceCallInput,
	RecentCallsInput,
	RevokeAllocationInput,
	SalesRequestInput,
	SetActiveInput
} from '$lib/inputs';
import { getCall } from '../calls/get-call';
import { hangUpCall } from '../calls/hang-up-call';
import { listRecentCalls } from '../calls/list-recent-calls';
import { placeCall } from '../calls/place-call';
import { getLeadsPage } from '../contacts/get-leads-page';
import { getDashboard } from '../dashboard/get-dashboard';
import { openFeed } from '../live/open-feed';
import { allocateMinutes } from '../minutes/allocate-minutes';
import { checkAvailability } from '../minutes/check-availability';
import { getOwnMinutes } from '../minutes/get-own-minutes';
import { listAllocationHistory } from '../minutes/list-allocation-history';
import { revokeAllocation } from '../minutes/revoke-allocation';
import { getFleet } from '../organizations/get-fleet';
import { setActive } from '../organizations/set-active';
import { requestSalesContact } from '../sales/request-sales-contact';
import { adjustWallet } from '../wallet/adjust-wallet';
import { allowed, router } from './init';

export const appRouter = router({
	dashboard: router({
		get: allowed('metrics.read').query(({ ctx }) => getDashboard({ ctx }))
	}),
	minutes: router({
		own: allowed('minutes.read').query(({ ctx }) => getOwnMinutes({ ctx })),
		checkAvailability: allowed('minutes.read')
			.input(CheckAvailabilityInput)
			.query(({ ctx, input }) => checkAvailability({ ctx, input }))
	}),
	calls: router({
		get: allowed('calls.read')
			.input(CallIdInput)
			.query(({ ctx, input }) => getCall({ ctx, input })),
		recent: allowed('calls.read')
			.input(RecentCallsInput)
			.query(({ ctx, input }) => listRecentCalls({ ctx, input })),
		place: allowed('calls.place')
			.input(PlaceCallInput)
			.mutation(({ ctx, input }) => placeCall({ ctx, input })),
		hangUp: allowed('calls.hang_up')
			.input(CallIdInput)
			.mutation(({ ctx, input }) => hangUpCall({ ctx, input }))
	}),
	leads: router({
		page: allowed('leads.read')
			.input(LeadsPageInput)
			.query(({ ctx, input }) => getLeadsPage({ ctx, input }))
	}),
	sales: router({
		request: allowed('sales.request')
			.input(SalesRequestInput)
			.mutation(({ ctx, input }) => requestSalesContact({ ctx, input }))
	}),
	live: router({
		feed: allowed('live.read')
			.input(FeedInput)
			.subscription(async function* ({ ctx, input, signal }) {
				for await (const { id, item } of openFeed({ ctx, input, signal })) yield tracked(id, item);
			})
	}),
	admin: router({
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
		organizations: router({
			setActive: allowed('organizations.switch')
				.input(SetActiveInput)
				.mutation(({ ctx, input }) => setActive({ ctx, input }))
		})
	})
});

export type AppRouter = typeof appRouter;
