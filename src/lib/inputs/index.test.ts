import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
	AllocateMinutesInput,
	CallIdInput,
	CheckAvailabilityInput,
	CreateOrganizationInput,
	CreateUserInput,
	FeedInput,
	HistoryInput,
	LeadsPageInput,
	PlaceCallInput,
	RecentCallsInput,
	SalesRequestInput,
	SetActiveInput
} from './index';

const UUID = '0190a6f0-7c1e-7cc3-98c4-dc0c0c07398f';

const allocation = { requestId: UUID, organizationId: 7, minutes: 120, reason: 'Order 4711' };
const user = {
	email: 'ravi@asha.example',
	password: 'correct horse',
	role: 'agent',
	organizationId: 7
};

/** The first sentence of a refusal, as `field: sentence`; null when the input is taken. */
function refusal(schema: z.ZodType, input: unknown): string | null {
	const parsed = schema.safeParse(input);
	const issue = parsed.error?.issues[0];
	return issue ? `${issue.path.join('.')}: ${issue.message}` : null;
}

describe('AllocateMinutesInput', () => {
	it.each([
		['the least', { ...allocation, minutes: 1, reason: 'abc' }],
		['the most', { ...allocation, minutes: 1_000_000, reason: 'x'.repeat(200) }],
		['an expiry', { ...allocation, expiresAt: '2026-12-31T23:59:59Z' }]
	])('given %s, then it is taken', (_what, input) => {
		expect(AllocateMinutesInput.parse(input)).toEqual(input);
	});

	it.each([0, -5, 1.5, 1_000_001, NaN, Infinity, '100', null, undefined, {}, [5], true, 2 ** 53])(
		'given %s minutes, then it is refused by a sentence with the limit',
		(minutes) => {
			expect(refusal(AllocateMinutesInput, { ...allocation, minutes })).toBe(
				'minutes: Minutes must be a whole number from 1 to 1,000,000.'
			);
		}
	);

	it.each(['', '  ab  ', 'x'.repeat(201), null, 5])(
		'given the reason %j, then it is refused',
		(reason) => {
			expect(refusal(AllocateMinutesInput, { ...allocation, reason })).toBe(
				'reason: Reason must be a text of 3 to 200 characters.'
			);
		}
	);

	it('given a reason with spaces around it, then they are cut off', () => {
		const parsed = AllocateMinutesInput.parse({ ...allocation, reason: '  Order 4711 ' });
		expect(parsed.reason).toBe('Order 4711');
	});

	it('given a text that PostgreSQL cannot store, then it is refused here', () => {
		expect(
			refusal(AllocateMinutesInput, { ...allocation, reason: 'Order\u00004711' })
		).not.toBeNull();
		expect(refusal(LeadsPageInput, { search: 'Pri\u0000ya' })).not.toBeNull();
		expect(refusal(SalesRequestInput, { message: 'more\u0000minutes' })).not.toBeNull();
	});

	it.each(['tomorrow', '2026-12-31', '31.12.2026', 1_798_761_599_000])(
		'given the expiry %j, then it is refused',
		(expiresAt) => {
			expect(refusal(AllocateMinutesInput, { ...allocation, expiresAt })).toBe(
				'expiresAt: expiresAt must be an ISO date and time.'
			);
		}
	);

	it.each([0, -1, 2_147_483_648, '7', 1.5])(
		'given the organisation %j, then it is refused',
		(organizationId) => {
			expect(refusal(AllocateMinutesInput, { ...allocation, organizationId })).toBe(
				'organizationId: organization_id must be a whole number from 1 to 2,147,483,647.'
			);
		}
	);

	it('given a request id that is no UUID, then it is refused', () => {
		expect(refusal(AllocateMinutesInput, { ...allocation, requestId: '1 or 1=1' })).toBe(
			'requestId: requestId must be a UUID.'
		);
	});
});

describe('PlaceCallInput', () => {
	it.each([
		[{ to: '+12025550142' }],
		[{ contactId: UUID }],
		[
			{
				to: '(202) 555-0142',
				requestId: UUID,
				organizationId: 7,
				provider: 'twilio',
				estimatedDurationMinutes: 240
			}
		]
	])('given %j, then it is taken', (input) => {
		expect(PlaceCallInput.parse(input)).toEqual(input);
	});

	it.each([
		[{}, 'to: to must be a phone number, or contact_id a contact.'],
		[{ to: 12_025_550_142 }, 'to: to must be a phone number.'],
		[{ to: '1'.repeat(41) }, 'to: to must be a phone number.'],
		[{ contactId: 'me' }, 'contactId: contact_id must be a UUID.'],
		[{ to: '+1', provider: 'acme' }, 'provider: provider must be twilio, exotel or bolna.'],
		[{ to: '+1', agentPhone: 5 }, 'agentPhone: agent_phone must be a phone number.'],
		[
			{ to: '+1', idempotencyKey: '' },
			'idempotencyKey: Idempotency-Key must be a text of 1 to 200 characters.'
		],
		[
			{ to: '+1', estimatedDurationMinutes: 241 },
			'estimatedDurationMinutes: estimated_duration_minutes must be a whole number from 1 to 240.'
		],
		[
			{ to: '+1', estimatedDurationMinutes: 0 },
			'estimatedDurationMinutes: estimated_duration_minutes must be a whole number from 1 to 240.'
		]
	])('given %j, then it says "%s"', (input, sentence) => {
		expect(refusal(PlaceCallInput, input)).toBe(sentence);
	});

	it('given fields nobody asked for, then none of them gets through', () => {
		const parsed = PlaceCallInput.parse({
			to: '+1',
			userId: 'someone',
			from: '+44',
			billedMinutes: 0
		});
		expect(parsed).toEqual({ to: '+1' });
	});
});

describe('the other inputs', () => {
	it.each([
		[
			'CheckAvailabilityInput',
			CheckAvailabilityInput,
			{ organizationId: 7, estimatedDurationMinutes: 3 }
		],
		['SetActiveInput', SetActiveInput, { organizationId: 7, isActive: false }],
		['CallIdInput', CallIdInput, { callId: UUID }],
		['LeadsPageInput', LeadsPageInput, { listId: UUID, search: 'Priya', cursor: 'abc' }],
		['HistoryInput', HistoryInput, { organizationId: 7, cursor: '123' }],
		['SalesRequestInput', SalesRequestInput, { message: 'More minutes, please.' }],
		['FeedInput', FeedInput, { cursor: '7', scope: 'fleet', lastEventId: null }],
		['CreateUserInput', CreateUserInput, user]
	])('given a good %s, then it is taken as it is', (_name, schema, input) => {
		expect(schema.parse(input)).toEqual(input);
	});

	it('given nothing, then the defaults are filled in', () => {
		expect(RecentCallsInput.parse({})).toEqual({ limit: 20 });
		expect(FeedInput.parse({})).toEqual({ scope: 'organization' });
		expect(CreateOrganizationInput.parse({ name: ' Asha ' })).toEqual({
			name: 'Asha',
			billingMode: 'minutes_then_wallet',
			timezone: 'UTC'
		});
	});

	it.each([
		[
			'isActive',
			SetActiveInput,
			{ organizationId: 7, isActive: 'false' },
			'isActive must be true or false.'
		],
		['limit', RecentCallsInput, { limit: 101 }, 'limit must be a whole number from 1 to 100.'],
		['cursor', HistoryInput, { cursor: '-1' }, 'cursor is not one of ours.'],
		['cursor', HistoryInput, { cursor: '1; drop table calls' }, 'cursor is not one of ours.'],
		[
			'search',
			LeadsPageInput,
			{ search: 'x'.repeat(101) },
			'search must be at most 100 characters.'
		],
		[
			'message',
			SalesRequestInput,
			{ message: 'x'.repeat(1_001) },
			'message must be at most 1,000 characters.'
		],
		['email', CreateUserInput, { ...user, email: 'ravi' }, 'email must be an e-mail address.'],
		[
			'password',
			CreateUserInput,
			{ ...user, password: 'short' },
			'password must have 10 to 200 characters.'
		],
		[
			'password',
			CreateUserInput,
			{ ...user, password: 'x'.repeat(201) },
			'password must have 10 to 200 characters.'
		],
		[
			'role',
			CreateUserInput,
			{ ...user, role: 'owner' },
			'role must be super_admin, manager or agent.'
		],
		[
			'billingMode',
			CreateOrganizationInput,
			{ name: 'Asha', billingMode: 'free' },
			'billing mode must be minutes, wallet or minutes_then_wallet.'
		]
	])('given a bad %s, then it is refused by its own sentence', (field, schema, input, sentence) => {
		expect(refusal(schema, input)).toBe(`${field}: ${sentence}`);
	});

	it('given anything at all, then a schema answers and never throws', () => {
		fc.assert(
			fc.property(fc.anything(), (input) => {
				for (const schema of [
					AllocateMinutesInput,
					PlaceCallInput,
					LeadsPageInput,
					CreateUserInput
				]) {
					expect(typeof schema.safeParse(input).success).toBe('boolean');
				}
			})
		);
	});
});
