import { z } from 'zod';
import { wholeNumber, text, id, organizationId, ESTIMATE_MINUTES_MAX } from './parts';

export const MINUTES_MAX = 1_000_000;

/** Of a grant: lower numbers burn first. */
export const priority = wholeNumber('Priority', 1, 1_000);

export const AllocateMinutesInput = z.object({
	requestId: id('requestId'),
	organizationId,
	minutes: wholeNumber('Minutes', 1, MINUTES_MAX),
	reason: text('Reason', 3, 200),
	priority: priority.optional(),
	expiresAt: z.iso.datetime({ error: 'expiresAt must be an ISO date and time.' }).optional()
});
export type AllocateMinutesInput = z.infer<typeof AllocateMinutesInput>;

export const CheckAvailabilityInput = z.object({
	organizationId,
	estimatedDurationMinutes: wholeNumber('estimated_duration_minutes', 1, ESTIMATE_MINUTES_MAX)
});
export type CheckAvailabilityInput = z.infer<typeof CheckAvailabilityInput>;

export const ConsumeMinutesInput = z.object({
	organizationId,
	callId: text('call_id', 1, 200),
	minutesConsumed: wholeNumber('minutes_consumed', 1, 100_000),
	callStartTime: z.iso.datetime({
		offset: true,
		error: 'call_start_time must be an ISO date and time with its zone.'
	}),
	callEndTime: z.iso.datetime({
		offset: true,
		error: 'call_end_time must be an ISO date and time with its zone.'
	})
});
export type ConsumeMinutesInput = z.infer<typeof ConsumeMinutesInput>;

export const RevokeAllocationInput = z.object({
	organizationId,
	allocationId: id('allocationId'),
	reason: text('Reason', 3, 200)
});
export type RevokeAllocationInput = z.infer<typeof RevokeAllocationInput>;

export const HistoryInput = z.object({
	organizationId: organizationId.optional(),
	cursor: z
		.string()
		.regex(/^\d{1,15}$/, 'cursor is not one of ours.')
		.optional()
});
export type HistoryInput = z.infer<typeof HistoryInput>;
