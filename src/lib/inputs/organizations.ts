import { z } from 'zod';
import { isStorable, text, organizationId } from './parts';

export const SetActiveInput = z.object({
	organizationId,
	isActive: z.boolean('isActive must be true or false.'),
	policy: z
		.enum(['block_new', 'drain', 'cut_now'], 'policy must be block_new, drain or cut_now.')
		.optional()
});
export type SetActiveInput = z.infer<typeof SetActiveInput>;

export const SalesRequestInput = z.object({
	message: z
		.string()
		.refine(isStorable, 'message must not contain the character U+0000.')
		.trim()
		.max(1000, 'message must be at most 1,000 characters.')
		.optional()
});
export type SalesRequestInput = z.infer<typeof SalesRequestInput>;

export const CreateOrganizationInput = z.object({
	name: text('name', 1, 120),
	billingMode: z
		.enum(
			['minutes', 'wallet', 'minutes_then_wallet'],
			'billing mode must be minutes, wallet or minutes_then_wallet.'
		)
		.default('minutes_then_wallet'),
	timezone: z.string().default('UTC'),
	country: z
		.string()
		.regex(/^[A-Z]{2}$/, 'country must be two letters like US.')
		.optional()
});
export type CreateOrganizationInput = z.input<typeof CreateOrganizationInput>;
