/** Input schemas shared by forms, procedures and REST. Every message names the field and the limit. */
import { z } from 'zod';

const wholeNumber = (name: string, from: number, to: number) =>
	z
		.number(`${name} must be a whole number from ${from} to ${to.toLocaleString('en')}.`)
		.int(`${name} must be a whole number from ${from} to ${to.toLocaleString('en')}.`)
		.min(from, `${name} must be a whole number from ${from} to ${to.toLocaleString('en')}.`)
		.max(to, `${name} must be a whole number from ${from} to ${to.toLocaleString('en')}.`);

/** PostgreSQL cannot keep the character U+0000 in a text. */
const isStorable = (value: string) => !value.includes('\0');

const text = (name: string, from: number, to: number) =>
	z
		.string(`${name} must be a text of ${from} to ${to} characters.`)
		.refine(isStorable, `${name} must not contain the character U+0000.`)
		.trim()
		.min(from, `${name} must be a text of ${from} to ${to} characters.`)
		.max(to, `${name} must be a text of ${from} to ${to} characters.`);

const id = (name: string) => z.uuid(`${name} must be a UUID.`);
const organizationId = wholeNumber('organization_id', 1, 2_147_483_647);

export const MINUTES_MAX = 1_000_000;
export const ESTIMATE_MINUTES_MAX = 240;

export const AllocateMinutesInput = z.object({
	requestId: id('requestId'),
	organizationId,
	minutes: wholeNumber('Minutes', 1, MINUTES_MAX),
	reason: text('Reason', 3, 200),
	expiresAt: z.iso.datetime({ error: 'expiresAt must be an ISO date and time.' }).optional()
});
export type AllocateMinutesInput = z.infer<typeof AllocateMinutesInput>;

export const SetActiveInput = z.object({
	organizationId,
	isActive: z.boolean('isActive must be true or false.'),
	policy: z
		.enum(['block_new', 'drain', 'cut_now'], 'policy must be block_new, drain or cut_now.')
		.optional()
});
export type SetActiveInput = z.infer<typeof SetActiveInput>;

export const CheckAvailabilityInput = z.object({
	organizationId,
	estimatedDurationMinutes: wholeNumber('estimated_duration_minutes', 1, ESTIMATE_MINUTES_MAX)
});
export type CheckAvailabilityInput = z.infer<typeof CheckAvailabilityInput>;

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
		isOverdraftAgreed: z.boolean('overdraft_agreed must be true or false.').optional()
	})
	.refine((input) => input.to !== undefined || input.contactId !== undefined, {
		path: ['to'],
		message: 'to must be a phone number, or contact_id a contact.'
	});
export type PlaceCallInput = z.infer<typeof PlaceCallInput>;

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

export const AdjustWalletInput = z.object({
	requestId: id('requestId'),
	organizationId,
	amount: z
		.string()
		.regex(
			/^-?\d{1,7}(\.\d{1,6})?$/,
			'Amount must be dollars like 25.00 or -5.00, at most 9,999,999.'
		),
	reason: text('Reason', 3, 200)
});
export type AdjustWalletInput = z.infer<typeof AdjustWalletInput>;

export const CallIdInput = z.object({ callId: id('callId') });
export type CallIdInput = z.infer<typeof CallIdInput>;

export const RecentCallsInput = z.object({ limit: wholeNumber('limit', 1, 100).default(20) });
export type RecentCallsInput = z.infer<typeof RecentCallsInput>;

export const LeadsPageInput = z.object({
	listId: id('listId').optional(),
	search: z
		.string()
		.refine(isStorable, 'search must not contain the character U+0000.')
		.trim()
		.max(100, 'search must be at most 100 characters.')
		.optional(),
	cursor: z.string().max(200, 'cursor is not one of ours.').optional()
});
export type LeadsPageInput = z.infer<typeof LeadsPageInput>;

export const HistoryInput = z.object({
	organizationId: organizationId.optional(),
	cursor: z
		.string()
		.regex(/^\d{1,15}$/, 'cursor is not one of ours.')
		.optional()
});
export type HistoryInput = z.infer<typeof HistoryInput>;

export const SalesRequestInput = z.object({
	message: z
		.string()
		.refine(isStorable, 'message must not contain the character U+0000.')
		.trim()
		.max(1000, 'message must be at most 1,000 characters.')
		.optional()
});
export type SalesRequestInput = z.infer<typeof SalesRequestInput>;

export const FeedInput = z.object({
	cursor: z.string().max(40).nullish(),
	scope: z.enum(['organization', 'fleet']).default('organization'),
	lastEventId: z.string().max(40).nullish()
});

export const CreateOrganizationInput = z.object({
	name: text('name', 1, 120),
	billingMode: z
		.enum(
			['minutes', 'wallet', 'minutes_then_wallet'],
			'billing mode must be minutes, wallet or minutes_then_wallet.'
		)
		.default('minutes_then_wallet'),
	timezone: z.string().default('UTC')
});
export type CreateOrganizationInput = z.input<typeof CreateOrganizationInput>;

export const CreateUserInput = z.object({
	email: z
		.email('email must be an e-mail address.')
		.max(254, 'email must be at most 254 characters.'),
	name: text('name', 1, 120).optional(),
	password: z
		.string()
		.min(10, 'password must have 10 to 200 characters.')
		.max(200, 'password must have 10 to 200 characters.'),
	role: z.enum(['super_admin', 'manager', 'agent'], 'role must be super_admin, manager or agent.'),
	organizationId: organizationId.nullable()
});
export type CreateUserInput = z.infer<typeof CreateUserInput>;
