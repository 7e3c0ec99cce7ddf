import { CallIdInput, CallSettingsInput, PlaceCallInput, RecentCallsInput } from '$lib/inputs';
import { createDeviceToken } from '../../calls/create-device-token';
import { getCall } from '../../calls/get-call';
import { hangUpCall } from '../../calls/hang-up-call';
import { listRecentCalls } from '../../calls/list-recent-calls';
import { placeCall } from '../../calls/place-call';
import { setCallSettings } from '../../organizations/set-call-settings';
import { allowed, router } from '../init';

export const callsRouter = router({
	get: allowed('calls.read')
		.input(CallIdInput)
		.query(({ ctx, input }) => getCall({ ctx, input })),
	recent: allowed('calls.read')
		.input(RecentCallsInput)
		.query(({ ctx, input }) => listRecentCalls({ ctx, input })),
	place: allowed('calls.place')
		.input(PlaceCallInput)
		.mutation(({ ctx, input }) => placeCall({ ctx, input })),
	deviceToken: allowed('calls.place').query(({ ctx }) => createDeviceToken({ ctx })),
	setSettings: allowed('calls.settings')
		.input(CallSettingsInput)
		.mutation(({ ctx, input }) => setCallSettings({ ctx, input })),
	hangUp: allowed('calls.hang_up')
		.input(CallIdInput)
		.mutation(({ ctx, input }) => hangUpCall({ ctx, input }))
});
