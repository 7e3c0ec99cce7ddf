import { z } from 'zod';
import { AnalyticsInput } from './analytics';
import { id, isStorable, wholeNumber } from './parts';

/** Which calls of a period to list; the period as analytics takes it. */
export const ListCallsInput = AnalyticsInput.safeExtend({
	status: z
		.enum(
			['initiated', 'ringing', 'in_progress', 'completed', 'failed', 'cancelled'],
			'status must be initiated, ringing, in_progress, completed, failed or cancelled.'
		)
		.optional(),
	endReason: z
		.string()
		.max(64, 'end_reason must be at most 64 characters.')
		.refine(isStorable, 'end_reason must not contain the character U+0000.')
		.optional(),
	provider: z
		.enum(['twilio', 'exotel', 'bolna'], 'provider must be twilio, exotel or bolna.')
		.optional(),
	/** A person, or `none`: calls that a program placed. */
	userId: z.union([z.literal('none'), id('user_id')], 'user_id must be an id or none.').optional(),
	country: z
		.string()
		.regex(/^[A-Z]{2}$|^001$/, 'country must be two letters like US.')
		.optional(),
	/** Local day within the period. */
	day: z
		.string()
		.regex(/^\d{4}-\d{2}-\d{2}$/, 'day must be a day like 2026-11-21.')
		.optional(),
	weekday: wholeNumber('weekday', 0, 6).optional(),
	hour: wholeNumber('hour', 0, 23).optional(),
	/** A number in any format, some of its digits, or a contact's name. */
	search: z
		.string()
		.refine(isStorable, 'search must not contain the character U+0000.')
		.trim()
		.max(100, 'search must be at most 100 characters.')
		.optional(),
	cursor: id('cursor').optional(),
	limit: wholeNumber('limit', 1, 100).default(50)
});
export type ListCallsInput = z.infer<typeof ListCallsInput>;

const toNumber = (text: unknown) => (text === undefined ? undefined : Number(text));

/** The address of the call history, every value text: which period, and which of its calls. */
export const CallHistoryQuery = z.preprocess((raw: Record<string, unknown>) => {
	const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== ''));
	return {
		organizationId: toNumber(given.organization_id),
		span: given.span,
		days: toNumber(given.days),
		from: given.from,
		to: given.to,
		status: given.status,
		endReason: given.end_reason,
		provider: given.provider,
		userId: given.user_id,
		country: given.country,
		day: given.day,
		weekday: toNumber(given.weekday),
		hour: toNumber(given.hour),
		search: given.search,
		limit: 50
	};
}, ListCallsInput);
