import { z } from 'zod';
import { id, organizationId, text, wholeNumber } from './parts';
import { MINUTES_MAX, priority } from './minutes';

export const EXPIRES_AFTER_DAYS_MAX = 3_650;

export const ScheduleAllocationInput = z.object({
	requestId: id('requestId'),
	organizationId,
	minutes: wholeNumber('Minutes', 1, MINUTES_MAX),
	reason: text('Reason', 3, 200),
	priority: priority.optional(),
	expiresAfterDays: wholeNumber('expiresAfterDays', 1, EXPIRES_AFTER_DAYS_MAX).optional(),
	when: z.discriminatedUnion(
		'kind',
		[
			z.object({
				kind: z.literal('once'),
				/** A date: its first moment in the organisation's zone. */
				at: z.union(
					[z.iso.date(), z.iso.datetime({ offset: true })],
					'at must be a date, or an ISO date and time with its zone.'
				)
			}),
			z.object({
				kind: z.literal('monthly'),
				dayOfMonth: wholeNumber('dayOfMonth', 1, 31)
			})
		],
		'when must be once or monthly.'
	)
});
export type ScheduleAllocationInput = z.infer<typeof ScheduleAllocationInput>;

export const ListSchedulesInput = z.object({ organizationId: organizationId.optional() });
export type ListSchedulesInput = z.infer<typeof ListSchedulesInput>;

export const CancelScheduleInput = z.object({ organizationId, scheduleId: id('scheduleId') });
export type CancelScheduleInput = z.infer<typeof CancelScheduleInput>;
