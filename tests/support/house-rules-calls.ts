/** The rules of what belongs to calls: the browser's phone, how an organisation calls, recordings. */
import { createDeviceToken } from '$lib/server/calls/create-device-token';
import { setCallSettings } from '$lib/server/organizations/set-call-settings';
import { deleteRecording } from '$lib/server/recordings/delete-recording';
import { ABSENT, ANY_KNOWN, FORBIDDEN, NOT_YOURS, same, type Rule } from './house-rule';

export const CALL_RULES: Rule[] = [
	{
		verb: 'createDeviceToken',
		procedure: 'calls.deviceToken',
		run: (ctx) => createDeviceToken({ ctx }),
		// The house's provider has no phone for browsers.
		superAdmin: same('conflict'),
		member: same('conflict')
	},
	{
		verb: 'setCallSettings',
		procedure: 'calls.setSettings',
		run: (ctx, { organizationId }) =>
			setCallSettings({ ctx, input: { organizationId, detectsMachines: true } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'deleteRecording',
		procedure: 'recordings.delete',
		run: (ctx, { recordingId }) => deleteRecording({ ctx, input: { recordingId } }),
		superAdmin: ANY_KNOWN,
		member: ABSENT,
		agent: FORBIDDEN
	}
];
