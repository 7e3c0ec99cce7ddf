/** Every REST call for programs, with the input of its verb and what it answers. */
import type { z } from 'zod';
import {
	AnalyticsInput,
	CallIdInput,
	CheckAvailabilityInput,
	ConsumeMinutesInput,
	EstimateCallInput,
	LinkCallInput,
	LookupContactInput,
	PlaceCallInput,
	RefillSettingsInput,
	StartTopUpInput,
	TransactionsInput,
	TwilioEventsInput,
	WalletInput
} from '$lib/inputs';
import * as answers from './answers';
import { requestSchema, type JsonSchema } from './request-schema';

export interface Operation {
	method: 'get' | 'post';
	path: string;
	/** Names it for generated clients. */
	id: string;
	summary: string;
	/** What stands in the address. */
	pathParameters?: JsonSchema;
	query?: JsonSchema;
	headers?: Record<string, string>;
	body?: JsonSchema;
	status: number;
	answer: z.ZodType;
	/** Codes of refusals beside those that every call has. */
	refusals?: Record<number, string>;
}

const ORGANIZATION = { organizationId: 'organization_id' };

export const OPERATIONS: Operation[] = [
	{
		method: 'post',
		path: '/call-minutes/check-availability',
		id: 'checkAvailability',
		summary: 'Whether a call of so many minutes can be paid now',
		body: requestSchema(CheckAvailabilityInput, {
			...ORGANIZATION,
			estimatedDurationMinutes: 'estimated_duration_minutes'
		}),
		status: 200,
		answer: answers.AvailabilityAnswer
	},
	{
		method: 'post',
		path: '/call-minutes/consume',
		id: 'consumeMinutes',
		summary:
			'Book minutes that a call elsewhere used; the same call_id books once, and a call placed here never',
		body: requestSchema(ConsumeMinutesInput, {
			...ORGANIZATION,
			callId: 'call_id',
			minutesConsumed: 'minutes_consumed',
			callStartTime: 'call_start_time',
			callEndTime: 'call_end_time'
		}),
		status: 200,
		answer: answers.ConsumedAnswer
	},
	{
		method: 'post',
		path: '/api/calls',
		id: 'placeCall',
		summary: 'Check, hold and place a call',
		headers: { 'Idempotency-Key': 'The same key is the same call.' },
		body: requestSchema(PlaceCallInput, {
			...ORGANIZATION,
			to: 'to',
			contactId: 'contact_id',
			provider: 'provider',
			agentPhone: 'agent_phone',
			estimatedDurationMinutes: 'estimated_duration_minutes',
			isOverdraftAgreed: 'overdraft_agreed'
		}),
		status: 201,
		answer: answers.PlacedCallAnswer,
		refusals: {
			402: 'Nothing pays for it: minutes_exhausted, insufficient_balance, budget_exhausted.',
			409: 'The number is being called already.',
			502: 'The provider refused it.',
			503: 'The provider cannot be reached.'
		}
	},
	{
		method: 'get',
		path: '/api/calls/{id}',
		id: 'getCall',
		summary: 'One call with its receipt',
		pathParameters: requestSchema(CallIdInput, { callId: 'id' }),
		status: 200,
		answer: answers.CallAnswer
	},
	{
		method: 'get',
		path: '/api/twilio/events',
		id: 'listCallEvents',
		summary: 'What was heard of calls, after a cursor',
		query: requestSchema(TwilioEventsInput, { ...ORGANIZATION, since: 'since', limit: 'limit' }, [
			'limit'
		]),
		status: 200,
		answer: answers.CallEventsAnswer
	},
	{
		method: 'get',
		path: '/api/balance/get',
		id: 'getBalance',
		summary: 'The wallet',
		query: requestSchema(WalletInput, ORGANIZATION),
		status: 200,
		answer: answers.BalanceAnswer
	},
	{
		method: 'post',
		path: '/api/balance/refill',
		id: 'startTopUp',
		summary: 'A payment page for $50 or $100; the same attempt_id is the same payment',
		body: requestSchema(StartTopUpInput, { amount: 'amount', attemptId: 'attempt_id' }, [
			'attempt_id'
		]),
		status: 200,
		answer: answers.RefillAnswer
	},
	{
		method: 'post',
		path: '/api/balance/update-settings',
		id: 'updateRefillSettings',
		summary: 'Change auto-refill; what is left out stays',
		body: requestSchema(RefillSettingsInput, {
			isEnabled: 'auto_refill_enabled',
			amount: 'auto_refill_amount',
			threshold: 'auto_refill_threshold',
			monthlyCap: 'auto_refill_monthly_cap'
		}),
		status: 200,
		answer: answers.BalanceSettingsAnswer
	},
	{
		method: 'get',
		path: '/api/user/transactions',
		id: 'listTransactions',
		summary: 'What moved the wallet, newest first',
		query: requestSchema(TransactionsInput, {
			...ORGANIZATION,
			type: 'type',
			limit: 'limit',
			cursor: 'cursor'
		}),
		status: 200,
		answer: answers.TransactionsAnswer
	},
	{
		method: 'get',
		path: '/api/user/call-analytics',
		id: 'getCallAnalytics',
		summary: 'Figures of a period of 7, 30, 90 or 365 days',
		query: requestSchema(AnalyticsInput, { ...ORGANIZATION, days: 'days' }),
		status: 200,
		answer: answers.AnalyticsAnswer
	},
	{
		method: 'get',
		path: '/api/user/contacts/lookup',
		id: 'lookupContact',
		summary: 'Who a number belongs to; null for nobody known',
		query: requestSchema(LookupContactInput, { ...ORGANIZATION, phone: 'phone' }),
		status: 200,
		answer: answers.ContactAnswer
	},
	{
		method: 'post',
		path: '/api/user/contacts/lookup',
		id: 'linkCall',
		summary: 'Link a call to the contact of its number',
		body: requestSchema(LinkCallInput, { ...ORGANIZATION, phone: 'phone', callId: 'call_id' }),
		status: 200,
		answer: answers.LinkedCallAnswer
	},
	{
		method: 'get',
		path: '/api/rates/estimate',
		id: 'estimateCall',
		summary: 'What a call to a number costs, and how long it can be paid for',
		query: requestSchema(EstimateCallInput, { ...ORGANIZATION, phone: 'phone' }),
		status: 200,
		answer: answers.EstimateAnswer
	}
];
