import { z } from 'zod';
import { wholeNumber, text, id, organizationId, ESTIMATE_MINUTES_MAX } from './parts';

export const PlaceCallInput = z
	.object({
		requestId: z.uuidv7('requestId must be a UUID of version 7.').optional(),
		idempotencyKey: text('Idempotency-Key', 1, 200).optional(),
		organizationId: organizationId.optional(),
		to: z.string('to must be a phone number.').max(40, 'to must be a phone number.').optional(),
		contactId: id('contact_id').optional(),
		provider: z
			.enum(['twilio', 'exotel', 'bolna'], 'provider must be twilio, exotel or bolna.')
			.optional(),
		agentPhone: z
			.string('agent_phone must be a phone number.')
			.max(40, 'agent_phone must be a phone number.')
			.optional(),
		estimatedDurationMinutes: wholeNumber(
			'estimated_duration_minutes',
			1,
			ESTIMATE_MINUTES_MAX
		).optional(),
		device: z.enum(['phone', 'browser'], 'device must be phone or browser.').optional(),
		isOverdraftAgreed: z.boolean('overdraft_agreed must be true or false.').optional()
	})
	.refine((input) => input.to !== undefined || input.contactId !== undefined, {
		path: ['to'],
		message: 'to must be a phone number, or contact_id a contact.'
	});
export type PlaceCallInput = z.infer<typeof PlaceCallInput>;

export const CallIdInput = z.object({ callId: id('callId') });
export type CallIdInput = z.infer<typeof CallIdInput>;

export const STUCK_MINUTES_DEFAULT = 5;

export const StuckCallsInput = z.object({
	organizationId: organizationId.optional(),
	/** How long nothing may be heard. */
	minutes: wholeNumber('minutes', 1, 1_440).default(STUCK_MINUTES_DEFAULT)
});
export type StuckCallsInput = z.infer<typeof StuckCallsInput>;

export const ListBlocksInput = z.object({
	organizationId: organizationId.optional(),
	cursor: z
		.string()
		.regex(/^\d{1,15}$/, 'cursor is not one of ours.')
		.optional()
});
export type ListBlocksInput = z.infer<typeof ListBlocksInput>;

export const RecentCallsInput = z.object({ limit: wholeNumber('limit', 1, 100).default(20) });
export type RecentCallsInput = z.infer<typeof RecentCallsInput>;
