import { z } from 'zod';
import { MINUTES_MAX, priority } from './minutes';
import { id, organizationId, text, wholeNumber } from './parts';

export const GRANTED_AT_ONCE_MAX = 500;

/** Minutes for one or many organisations: added to what they have, or what they have set to a figure. */
export const GrantMinutesInput = z
	.object({
		requestId: id('requestId'),
		organizationIds: z
			.array(organizationId, 'organizationIds must be a list of organizations.')
			.min(1, `organizationIds must name 1 to ${GRANTED_AT_ONCE_MAX} organizations.`)
			.max(
				GRANTED_AT_ONCE_MAX,
				`organizationIds must name 1 to ${GRANTED_AT_ONCE_MAX} organizations.`
			),
		mode: z.enum(['add', 'set'], 'mode must be add or set.'),
		minutes: wholeNumber('Minutes', 0, MINUTES_MAX),
		reason: text('Reason', 3, 200),
		priority: priority.optional(),
		expiresAt: z.iso.datetime({ error: 'expiresAt must be an ISO date and time.' }).optional()
	})
	.refine(({ mode, minutes }) => mode === 'set' || minutes > 0, {
		path: ['minutes'],
		message: `Minutes must be a whole number from 1 to ${MINUTES_MAX.toLocaleString('en')}.`
	});
export type GrantMinutesInput = z.infer<typeof GrantMinutesInput>;
