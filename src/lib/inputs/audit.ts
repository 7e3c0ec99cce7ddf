import { z } from 'zod';
import { id, organizationId } from './parts';

const moment = (name: string) =>
	z.iso.datetime({ offset: true, error: `${name} must be an ISO date and time with its zone.` });

export const ListAuditInput = z.object({
	organizationId: organizationId.optional(),
	actorUserId: id('actorUserId').optional(),
	/** A whole action, or what it begins with: `minutes` is every change of minutes. */
	action: z
		.string()
		.regex(/^[a-z_]{1,40}(\.[a-z_]{1,40})?$/, 'action must be like minutes or minutes.allocate.')
		.optional(),
	from: moment('from').optional(),
	until: moment('until').optional(),
	cursor: z
		.string()
		.regex(/^\d{1,15}$/, 'cursor is not one of ours.')
		.optional()
});
export type ListAuditInput = z.infer<typeof ListAuditInput>;
