/** What each REST call answers. The test holds the handlers to it. */
import { z } from 'zod';
import { CALL_STATUSES } from '$lib/domain/call/status';

const dollars = z
	.string()
	.regex(/^-?\d+(\.\d{1,6})?$/)
	.describe('Dollars as a decimal.');
const moment = z.iso.datetime();
const organizationId = z.number().int();
const count = z.number().int();
const provider = z.enum(['twilio', 'exotel', 'bolna']);
const callStatus = z.enum(CALL_STATUSES);

export const RefusalAnswer = z.strictObject({
	error: z.object({
		code: z.string().describe('For programs; stays as it is.'),
		message: z.string().describe('One sentence for people.')
	})
});

export const AvailabilityAnswer = z.strictObject({
	available: z.boolean(),
	organization_id: organizationId,
	is_active: z.boolean(),
	remaining_minutes: count.describe('Spendable now: what calls in progress hold is taken off.'),
	estimated_duration_minutes: count,
	billing_mode: z.enum(['minutes', 'wallet', 'minutes_then_wallet']),
	balance: dollars,
	reason: z.string().nullable().describe('Why not; null when a call can be placed.'),
	warning_type: z.string(),
	message: z.string(),
	sales_contact: z.strictObject({ email: z.string(), phone: z.string() })
});

export const ConsumedAnswer = z.strictObject({
	consumed: z.boolean(),
	duplicate: z.boolean().describe('The call_id was booked before: nothing was changed.'),
	minutes_consumed: count,
	remaining_minutes: count,
	shortfall_minutes: count.describe('Used, and not there: owed.')
});

const Call = z.strictObject({
	id: z.uuid(),
	status: callStatus,
	end_reason: z.string().nullable(),
	provider,
	provider_call_id: z.string().nullable(),
	to: z.string(),
	duration: count.nullable().describe('Seconds of talk.'),
	billed_minutes: count.nullable(),
	cost: dollars.nullable(),
	provider_cost: dollars.nullable(),
	started_at: moment,
	answered_at: moment.nullable(),
	ended_at: moment.nullable()
});

export const PlacedCallAnswer = z.strictObject({ call: Call });

export const CallAnswer = z.strictObject({
	call: Call,
	receipt: z.array(
		z.strictObject({
			paid_by: z.enum(['allocation', 'wallet', 'debt']),
			allocation_id: z.string().nullable(),
			reason: z.string().nullable(),
			minutes: count.nullable(),
			amount: dollars.nullable(),
			seconds: count.nullable(),
			rate_per_minute: dollars.nullable()
		})
	)
});

export const EstimateAnswer = z.strictObject({
	to: z.string(),
	country: z.string(),
	rate_per_minute: dollars,
	initial_seconds: count,
	increment_seconds: count,
	prefix: z.string(),
	description: z.string(),
	affordable_minutes: count,
	paid_by: z.string().nullable(),
	balance: dollars
});

const settings = {
	auto_refill_enabled: z.boolean(),
	auto_refill_amount: z.union([dollars, z.number()]),
	auto_refill_threshold: z.union([dollars, z.number()])
};

export const BalanceAnswer = z.strictObject({
	balance: dollars,
	estimated_minutes: count,
	status: z.enum(['LOW', 'OK', 'GOOD']),
	...settings,
	last_refill_at: moment.nullable(),
	debt: dollars
});

export const BalanceSettingsAnswer = z.strictObject(settings);

export const RefillAnswer = z
	.object({ url: z.string().describe("Stripe's payment page.") })
	.loose();

export const TransactionsAnswer = z.strictObject({
	transactions: z.array(
		z.strictObject({
			id: z.string(),
			type: z.string(),
			amount: dollars,
			description: z.string(),
			balance_before: dollars,
			balance_after: dollars,
			call_id: z.string().nullable(),
			payment_id: z.string().nullable(),
			created_at: moment
		})
	),
	breakdown: z.strictObject({ call: dollars, topup: dollars, refund: dollars }),
	next_cursor: z.string().nullable()
});

export const AnalyticsAnswer = z.strictObject({
	period: z.strictObject({ start: z.string(), end: z.string(), days: count }),
	callStats: z.strictObject({ total: count, completed: count, failed: count, cancelled: count }),
	timeStats: z.strictObject({
		totalDuration: z.number(),
		averageDuration: z.number(),
		maxDuration: z.number()
	}),
	costStats: z.strictObject({
		totalCost: dollars,
		averageCost: dollars,
		minCost: dollars,
		maxCost: dollars
	}),
	topCountries: z.array(
		z.strictObject({ country: z.string(), count, cost: dollars, duration: z.number() })
	),
	topNumbers: z.array(
		z.strictObject({ number: z.string(), count, cost: dollars, country: z.string() })
	),
	dailyStats: z.array(
		z.strictObject({
			date: z.string(),
			count,
			duration: z.number(),
			cost: dollars,
			successRate: z.number()
		})
	),
	recentCalls: z.array(
		z.strictObject({
			id: z.uuid(),
			to: z.string(),
			status: callStatus,
			end_reason: z.string().nullable(),
			duration: count.nullable(),
			billed_minutes: count.nullable(),
			cost: dollars.nullable(),
			started_at: moment,
			ended_at: moment.nullable()
		})
	)
});

export const CallEventsAnswer = z.strictObject({
	events: z.array(
		z.strictObject({
			id: z.string(),
			call_id: z.uuid(),
			provider,
			provider_call_id: z.string().nullable(),
			to: z.string(),
			source: z.string(),
			status: z.string().nullable(),
			raw_status: z.string().nullable(),
			effect: z.string(),
			occurred_at: moment.nullable(),
			received_at: moment
		})
	),
	next_cursor: z.string().nullable(),
	has_more: z.boolean()
});

const Contact = z.strictObject({
	id: z.uuid(),
	name: z.string(),
	phone: z.string(),
	email: z.string().nullable(),
	company: z.string().nullable(),
	timezone: z.string().nullable(),
	notes: z.string().nullable(),
	do_not_call: z.boolean(),
	last_called_at: moment.nullable(),
	created_at: moment
});

export const ContactAnswer = z.strictObject({ contact: Contact.nullable() });
export const LinkedCallAnswer = z.strictObject({
	contact: Contact.nullable(),
	call_id: z.uuid().nullable()
});
