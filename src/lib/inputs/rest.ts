/** REST bodies as the user's documents name them, turned into the inputs of the verbs. */
import { z } from 'zod';
import {
	AnalyticsInput,
	CheckAvailabilityInput,
	ConsumeMinutesInput,
	ContactFilters,
	EstimateCallInput,
	LinkCallInput,
	LookupContactInput,
	PlaceCallInput,
	RefillSettingsInput,
	StartTopUpInput,
	TransactionsInput,
	TwilioEventsInput,
	WalletInput
} from './index';

const object = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: {};

export const CheckAvailabilityBody = z.preprocess((raw) => {
	const body = object(raw);
	return {
		organizationId: body.organization_id,
		estimatedDurationMinutes: body.estimated_duration_minutes
	};
}, CheckAvailabilityInput);

/** A null stands for an absent field, as many clients send it. */
export const PlaceCallBody = z.preprocess((raw) => {
	const body = object(raw);
	return {
		to: body.to ?? undefined,
		provider: body.provider ?? undefined,
		contactId: body.contact_id ?? undefined,
		organizationId: body.organization_id ?? undefined,
		agentPhone: body.agent_phone ?? undefined,
		estimatedDurationMinutes: body.estimated_duration_minutes ?? undefined,
		isOverdraftAgreed: body.overdraft_agreed ?? undefined
	};
}, PlaceCallInput);

/** What stands in the address: every value is text. */
export const EstimateCallQuery = z.preprocess((raw) => {
	const query = object(raw);
	return {
		// A plus that nobody encoded arrives as a space.
		phone: typeof query.phone === 'string' ? query.phone.replace(/^ /, '+') : query.phone,
		organizationId: query.organization_id === undefined ? undefined : Number(query.organization_id)
	};
}, EstimateCallInput);

export const ConsumeMinutesBody = z.preprocess((raw) => {
	const body = object(raw);
	return {
		organizationId: body.organization_id,
		callId: body.call_id,
		minutesConsumed: body.minutes_consumed,
		callStartTime: body.call_start_time,
		callEndTime: body.call_end_time
	};
}, ConsumeMinutesInput);

/** Numbers of a query string. */
const toNumber = (text: unknown) => (text === undefined || text === '' ? undefined : Number(text));

export const CallAnalyticsQuery = z.preprocess((raw) => {
	const query = object(raw);
	return {
		days: toNumber(query.days) ?? 30,
		organizationId: toNumber(query.organization_id)
	};
}, AnalyticsInput);

/** Without an `attempt_id` every request is a payment of its own. */
export const RefillBody = z.preprocess((raw) => {
	const body = object(raw);
	return { amount: body.amount, attemptId: body.attempt_id ?? crypto.randomUUID() };
}, StartTopUpInput);

export const UpdateBalanceSettingsBody = z.preprocess((raw) => {
	const body = object(raw);
	return {
		isEnabled: body.auto_refill_enabled ?? undefined,
		amount: body.auto_refill_amount ?? undefined,
		threshold: decimal(body.auto_refill_threshold) ?? undefined,
		monthlyCap: decimal(body.auto_refill_monthly_cap)
	};
}, RefillSettingsInput);

/** Money may be sent as a number; it is read as the decimal it is written as. */
function decimal(value: unknown): unknown {
	return typeof value === 'number' ? String(value) : value;
}

export const TransactionsQuery = z.preprocess((raw) => {
	const { limit, organization_id: organizationId, ...query } = object(raw);
	return {
		...query,
		...(limit !== undefined && { limit: Number(limit) }),
		...(organizationId !== undefined && { organizationId: Number(organizationId) })
	};
}, TransactionsInput);

export const TwilioEventsQuery = z.preprocess((raw) => {
	const { since, limit, organization_id: organizationId } = object(raw);
	return {
		...(since !== undefined && since !== '' && { since }),
		...(limit !== undefined && { limit: Number(limit) }),
		...(organizationId !== undefined && { organizationId: Number(organizationId) })
	};
}, TwilioEventsInput);

export const WalletQuery = z.preprocess((raw) => {
	const { organization_id: organizationId } = object(raw);
	return organizationId === undefined ? {} : { organizationId: Number(organizationId) };
}, WalletInput);

export const LookupContactQuery = z.preprocess((raw) => {
	const { phone, organization_id: organizationId } = object(raw);
	return {
		// A plus that nobody encoded arrives as a space.
		phone: typeof phone === 'string' ? phone.replace(/^ /, '+') : phone,
		organizationId: toNumber(organizationId)
	};
}, LookupContactInput);

export const LinkCallBody = z.preprocess((raw) => {
	const body = object(raw);
	return {
		phone: body.phone,
		callId: body.call_id ?? undefined,
		organizationId: body.organization_id ?? undefined
	};
}, LinkCallInput);

const flag = (value: unknown) =>
	value === undefined || value === '' ? undefined : value === 'yes';

/** The address of the page of contacts, whose filters stand there as people read them. */
export const ContactsQuery = z.preprocess((raw) => {
	const { search, sort, dnc, called, list, from, archived } = object(raw);
	return {
		search: search || undefined,
		sort: sort || undefined,
		doNotCall: flag(dnc),
		isCalled: flag(called),
		listId: list || undefined,
		importId: from || undefined,
		isArchived: archived === 'yes'
	};
}, ContactFilters);
