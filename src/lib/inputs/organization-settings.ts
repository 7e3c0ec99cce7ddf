import { z } from 'zod';
import { isStorable, organizationId, text, wholeNumber } from './parts';

const billingMode = z.enum(
	['minutes', 'wallet', 'minutes_then_wallet'],
	'billing mode must be minutes, wallet or minutes_then_wallet.'
);
const country = z.string().regex(/^[A-Z]{2}$/, 'country must be two letters like US.');
const timezone = text('timezone', 1, 64);
const overdraftAmount = z
	.string()
	.regex(
		/^\d{1,5}(\.\d{1,2})?$/,
		'overdraftAmount must be dollars from 0 to 99,999, like 25 or 25.50.'
	);

/** Null takes it away: then the platform's own is shown. */
const salesEmail = z
	.email('salesEmail must be an e-mail address.')
	.max(254, 'salesEmail must be at most 254 characters.')
	.nullable();
const salesPhone = z
	.string()
	.refine(isStorable, 'salesPhone must not contain the character U+0000.')
	.trim()
	.min(3, 'salesPhone must be a text of 3 to 40 characters.')
	.max(40, 'salesPhone must be a text of 3 to 40 characters.')
	.nullable();

/** What is left out stays as it is. */
export const UpdateOrganizationInput = z.object({
	organizationId,
	name: text('name', 1, 120).optional(),
	timezone: timezone.optional(),
	country: country.optional(),
	billingMode: billingMode.optional(),
	estimateMinutes: wholeNumber('estimateMinutes', 1, 240).optional(),
	overdraftMinutes: wholeNumber('overdraftMinutes', 0, 10_000).optional(),
	overdraftAmount: overdraftAmount.optional(),
	deactivationPolicy: z
		.enum(['block_new', 'drain', 'cut_now'], 'policy must be block_new, drain or cut_now.')
		.optional(),
	salesEmail: salesEmail.optional(),
	salesPhone: salesPhone.optional()
});
export type UpdateOrganizationInput = z.infer<typeof UpdateOrganizationInput>;

export const OrganizationIdInput = z.object({ organizationId });
export type OrganizationIdInput = z.infer<typeof OrganizationIdInput>;

export const ArchiveOrganizationInput = z.object({
	organizationId,
	isArchived: z.boolean('isArchived must be true or false.')
});
export type ArchiveOrganizationInput = z.infer<typeof ArchiveOrganizationInput>;

export const UsageLogInput = z.object({
	organizationId,
	cursor: z
		.string()
		.regex(/^\d{1,15}$/, 'cursor is not one of ours.')
		.optional()
});
export type UsageLogInput = z.infer<typeof UsageLogInput>;

export const PlatformSettingsInput = z.object({ salesEmail, salesPhone });
export type PlatformSettingsInput = z.infer<typeof PlatformSettingsInput>;
