/** Inputs of the super admin's console that belong to no other room. */
import { z } from 'zod';
import { TOKEN_SCOPES } from '../domain/token-scopes';
import { provider } from './deliveries';
import { id, isStorable, organizationId, text, wholeNumber } from './parts';

const search = z
	.string()
	.refine(isStorable, 'search must not contain the character U+0000.')
	.trim()
	.max(100, 'search must be at most 100 characters.')
	.optional();
const sequence = z
	.string()
	.regex(/^\d{1,15}$/, 'cursor is not one of ours.')
	.optional();

export const MonitorCallsInput = z.object({
	/** Live ones alone, or every one. */
	show: z.enum(['live', 'all'], 'show must be live or all.').default('live'),
	organizationId: organizationId.optional(),
	provider: provider.optional(),
	/** Digits of the number, or a part of the contact's or the organisation's name. */
	search,
	cursor: id('cursor').optional()
});
export type MonitorCallsInput = z.input<typeof MonitorCallsInput>;

export const HangUpAsAdminInput = z.object({
	callId: id('callId'),
	reason: text('Reason', 3, 200)
});
export type HangUpAsAdminInput = z.infer<typeof HangUpAsAdminInput>;

export const ListRatesInput = z.object({
	/** The beginning of a prefix, or a part of the description. */
	search,
	/** `current`: in force now. `all`: those before and those to come as well. */
	show: z.enum(['current', 'all'], 'show must be current or all.').default('current'),
	cursor: z
		.string()
		.regex(/^\d{0,15}_\d{1,15}$/, 'cursor is not one of ours.')
		.optional()
});
export type ListRatesInput = z.input<typeof ListRatesInput>;

export const RATES_CSV_BYTES_MAX = 10_000_000;

export const RatesCsvInput = z.object({
	csv: z
		.string('csv must be the text of a CSV file.')
		.min(1, 'csv must be the text of a CSV file.')
		.max(RATES_CSV_BYTES_MAX, 'csv must be at most 10 MB.')
});
export type RatesCsvInput = z.infer<typeof RatesCsvInput>;

export const TestRateInput = z.object({
	phone: z.string('phone must be a phone number.').max(40, 'phone must be a phone number.')
});
export type TestRateInput = z.infer<typeof TestRateInput>;

export const ListTokensInput = z.object({ organizationId: organizationId.optional() });
export type ListTokensInput = z.infer<typeof ListTokensInput>;

export const MakeTokenInput = z.object({
	email: z
		.email('email must be an e-mail address.')
		.max(254, 'email must be at most 254 characters.'),
	name: text('Name', 1, 80),
	/** Null: everything its person may do. */
	scopes: z
		.array(z.enum(TOKEN_SCOPES, `scopes must be some of ${TOKEN_SCOPES.join(', ')}.`))
		.min(1, 'Choose at least one scope.')
		.nullable()
});
export type MakeTokenInput = z.infer<typeof MakeTokenInput>;

export const TokenIdInput = z.object({ tokenId: id('tokenId') });
export type TokenIdInput = z.infer<typeof TokenIdInput>;

export const JobIdInput = z.object({
	jobId: z.string().regex(/^\d{1,18}$/, 'jobId must be the number of a job.')
});
export type JobIdInput = z.infer<typeof JobIdInput>;

export const TwilioEventsInput = z.object({
	organizationId: organizationId.optional(),
	since: sequence,
	limit: wholeNumber('limit', 1, 500).default(100)
});
export type TwilioEventsInput = z.infer<typeof TwilioEventsInput>;
