import { z } from 'zod';
import { provider } from './deliveries';
import { id, organizationId } from './parts';

export const AddCallerIdInput = z.object({
	/** Left out: every organisation may call from it. */
	organizationId: organizationId.optional(),
	provider,
	number: z.string('number must be a phone number.').max(40, 'number must be a phone number.')
});
export type AddCallerIdInput = z.infer<typeof AddCallerIdInput>;

export const CallerIdInput = z.object({ callerIdId: id('callerIdId') });
export type CallerIdInput = z.infer<typeof CallerIdInput>;

export const SetProvidersInput = z.object({
	organizationId,
	order: z
		.array(provider, 'order must be a list of one to three providers.')
		.min(1, 'order must be a list of one to three providers.')
		.max(3, 'order must be a list of one to three providers.')
});
export type SetProvidersInput = z.infer<typeof SetProvidersInput>;
