import {
	CallIdInput,
	CallSettingsInput,
	ListBlocksInput,
	ListCallsInput,
	PlaceCallInput,
	RecentCallsInput,
	StuckCallsInput
} from '$lib/inputs';
import { createDeviceToken } from '../../calls/create-device-token';
import { getCall } from '../../calls/get-call';
import { hangUpCall } from '../../calls/hang-up-call';
import { listBlocks } from '../../calls/list-blocks';
import { listCalls } from '../../calls/list-calls';
import { listRecentCalls } from '../../calls/list-recent-calls';
import { listStuckCalls } from '../../calls/list-stuck-calls';
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
	list: allowed('analytics.read')
		.input(ListCallsInput)
		.query(({ ctx, input }) => listCalls({ ctx, input })),
	blocks: allowed('calls.read')
		.input(ListBlocksInput)
		.query(({ ctx, input }) => listBlocks({ ctx, input })),
	stuck: allowed('calls.supervise')
		.input(StuckCallsInput)
		.query(({ ctx, input }) => listStuckCalls({ ctx, input })),
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
