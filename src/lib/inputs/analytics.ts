import { z } from 'zod';
import { organizationId } from './parts';

export const ANALYTICS_DAYS = [7, 30, 90, 365] as const;
/** Days of the longest period that can be asked for. */
export const PERIOD_DAYS_MAX = 1_100;

const day = (name: string) =>
	z
		.string()
		.regex(/^\d{4}-\d{2}-\d{2}$/, `${name} must be a day like 2026-11-21.`)
		.refine(
			(text) => !Number.isNaN(Date.parse(`${text}T00:00:00Z`)),
			`${name} is no day there is.`
		);

export const AnalyticsInput = z
	.object({
		organizationId: organizationId.optional(),
		/** `today` is the local day, from midnight on; `24h` is the last 24 hours, whatever the day. */
		span: z.enum(['today', '24h'], 'span must be today or 24h.').optional(),
		days: z.literal(ANALYTICS_DAYS, 'days must be 7, 30, 90 or 365.').optional(),
		from: day('from').optional(),
		to: day('to').optional()
	})
	.refine(({ from, to }) => (from === undefined) === (to === undefined), {
		path: ['to'],
		message: 'from and to must be given together.'
	});
export type AnalyticsInput = z.infer<typeof AnalyticsInput>;
