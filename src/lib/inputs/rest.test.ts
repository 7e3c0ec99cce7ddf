import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckAvailabilityBody, EstimateCallQuery, PlaceCallBody } from './rest';

const UUID = '0190a6f0-7c1e-7cc3-98c4-dc0c0c07398f';

describe('CheckAvailabilityBody', () => {
	it('given the names of the documents, then they become those of the verb', () => {
		const body = { organization_id: 7, estimated_duration_minutes: 5 };
		expect(CheckAvailabilityBody.parse(body)).toEqual({
			organizationId: 7,
			estimatedDurationMinutes: 5
		});
	});

	it.each([null, [], 'organization_id=7', 7, {}])(
		'given the body %j, then it is refused by the name people wrote',
		(body) => {
			expect(CheckAvailabilityBody.safeParse(body).error?.issues[0]?.message).toBe(
				'organization_id must be a whole number from 1 to 2,147,483,647.'
			);
		}
	);
});

describe('PlaceCallBody', () => {
	it('given the names of the documents, then they become those of the verb', () => {
		const body = {
			to: '+12025550142',
			provider: 'twilio',
			contact_id: UUID,
			organization_id: 7,
			agent_phone: '+12025550143',
			estimated_duration_minutes: 5
		};
		expect(PlaceCallBody.parse(body)).toEqual({
			to: '+12025550142',
			provider: 'twilio',
			contactId: UUID,
			organizationId: 7,
			agentPhone: '+12025550143',
			estimatedDurationMinutes: 5
		});
	});

	it('given nulls, then they stand for absent fields', () => {
		const body = { to: '+12025550142', provider: null, contact_id: null, agent_phone: null };
		expect(PlaceCallBody.parse(body)).toEqual({ to: '+12025550142' });
	});

	it('given our own names or an id of the request, then they are not taken from a body', () => {
		const body = { to: '+12025550142', organizationId: 9, requestId: UUID, idempotencyKey: 'k' };
		expect(PlaceCallBody.parse(body)).toEqual({ to: '+12025550142' });
	});

	it('given any JSON, then it is taken or refused with a sentence and never throws', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (body) => {
				const parsed = PlaceCallBody.safeParse(body);
				if (!parsed.success) expect(parsed.error.issues[0]?.message).toMatch(/\.$/);
			})
		);
	});
});

describe('EstimateCallQuery', () => {
	it.each(['+442071838750', ' 442071838750'])(
		'given the phone "%s", then its plus is there, encoded or not',
		(phone) => {
			expect(EstimateCallQuery.parse({ phone, organization_id: '7' })).toEqual({
				phone: '+442071838750',
				organizationId: 7
			});
		}
	);

	it.each([
		[{}, 'phone must be a phone number.'],
		[
			{ phone: '+44', organization_id: 'mine' },
			'organization_id must be a whole number from 1 to 2,147,483,647.'
		]
	])('given %j, then it says "%s"', (query, sentence) => {
		expect(EstimateCallQuery.safeParse(query).error?.issues[0]?.message).toBe(sentence);
	});
});
