import { z } from 'zod';
import { id, organizationId, wholeNumber } from './parts';

export const RecordingIdInput = z.object({ recordingId: id('recordingId') });
export type RecordingIdInput = z.infer<typeof RecordingIdInput>;

/** What is left out stays as it is. */
export const CallSettingsInput = z
	.object({
		organizationId: organizationId.optional(),
		recordsCalls: z.boolean('recordsCalls must be true or false.').optional(),
		recordingRetentionDays: wholeNumber('recordingRetentionDays', 1, 3_650).optional(),
		detectsMachines: z.boolean('detectsMachines must be true or false.').optional()
	})
	.refine(
		({ recordsCalls, recordingRetentionDays, detectsMachines }) =>
			[recordsCalls, recordingRetentionDays, detectsMachines].some((one) => one !== undefined),
		'recordsCalls, recordingRetentionDays or detectsMachines must be given.'
	);
export type CallSettingsInput = z.infer<typeof CallSettingsInput>;
