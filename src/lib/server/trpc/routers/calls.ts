import { CallIdInput, ListCallsInput, PlaceCallInput, RecentCallsInput } from '$lib/inputs';
import { getCall } from '../../calls/get-call';
import { hangUpCall } from '../../calls/hang-up-call';
import { listCalls } from '../../calls/list-calls';
import { listRecentCalls } from '../../calls/list-recent-calls';
import { placeCall } from '../../calls/place-call';
import { allowed, router } from '../init';

export const callsRouter = router({
	get: allowed('calls.read')
		.input(CallIdInput)
		.query(({ ctx, input }) => getCall({ ctx, input })),
	recent: allowed('calls.read')
		.input(RecentCallsInput)
		.query(({ ctx, input }) => listRecentCalls({ ctx, input })),
	list: allowed('analytics.read')
		.input(ListCallsInput)
		.query(({ ctx, input }) => listCalls({ ctx, input })),
	place: allowed('calls.place')
		.input(PlaceCallInput)
		.mutation(({ ctx, input }) => placeCall({ ctx, input })),
	hangUp: allowed('calls.hang_up')
		.input(CallIdInput)
		.mutation(({ ctx, input }) => hangUpCall({ ctx, input }))
});
