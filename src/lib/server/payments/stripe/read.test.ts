import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import disputeClosed from '../../../../../tests/fixtures/stripe/event.charge.dispute.closed.json';
import disputeCreated from '../../../../../tests/fixtures/stripe/event.charge.dispute.created.json';
import refunded from '../../../../../tests/fixtures/stripe/event.charge.refunded.json';
import sessionCompleted from '../../../../../tests/fixtures/stripe/event.checkout.session.completed.payment_mode.json';
import intentFailed from '../../../../../tests/fixtures/stripe/event.payment_intent.payment_failed.json';
import intentSucceeded from '../../../../../tests/fixtures/stripe/event.payment_intent.succeeded.json';
import {
	centsOf,
	disputedMicros,
	EVENT_TYPES,
	isDisputeOpen,
	microsOf,
	readEvent,
	readPaymentError
} from './read';
import { Event } from './wire';

const ORDER = '01a1fdcb-5a55-7119-a995-72ac9e04356f';
const read = (event: object) => readEvent(Event.parse(event));

/** A recorded event with some fields of its object changed. */
function changed(event: { data: { object: object } }, change: object) {
	return { ...event, data: { ...event.data, object: { ...event.data.object, ...change } } };
}

describe('the recorded events', () => {
	it('given a paid session, then it is paid with its amount, customer and intent', () => {
		expect(read(sessionCompleted)).toEqual({
			kind: 'paid',
			name: { orderId: null, sessionId: 'cs_00000000000000', paymentIntentId: 'pi_00000000000000' },
			fact: {
				paymentIntentId: 'pi_00000000000000',
				amountMicros: 250_000_000n,
				currency: 'usd',
				isLive: false,
				customerId: 'cus_00000000000000'
			}
		});
	});

	it('given a session that names our order, in metadata or by reference, then it is found by it', () => {
		const name = { orderId: ORDER, sessionId: 'cs_00000000000000' };
		for (const change of [{ metadata: { payment_id: ORDER } }, { client_reference_id: ORDER }]) {
			expect(read(changed(sessionCompleted, change))).toMatchObject({ name });
		}
	});

	it.each([
		[{ payment_status: 'unpaid' }, 'pending'],
		[{ payment_status: 'no_payment_required' }, 'paid'],
		[{ payment_status: 'some_new_status' }, 'pending'],
		[{ status: 'expired', payment_status: 'unpaid' }, 'expired'],
		[{ mode: 'setup' }, 'card_changed'],
		[{ amount_total: -1 }, 'malformed'],
		[{ amount_total: 1.5 }, 'malformed'],
		[{ amount_total: '25000' }, 'malformed'],
		[{ payment_status: null }, 'malformed']
	])('given a completed session with %o, then it is %s', (change, kind) => {
		expect(read(changed(sessionCompleted, change)).kind).toBe(kind);
	});

	it('given a succeeded intent of 2020, then it is paid with what was received', () => {
		expect(read(intentSucceeded)).toMatchObject({
			kind: 'paid',
			fact: { amountMicros: 20_000_000n, currency: 'usd', customerId: null }
		});
	});

	it.each([
		['requires_payment_method', 'ignored'],
		['requires_confirmation', 'ignored'],
		['requires_action', 'not_paid'],
		['processing', 'pending'],
		['requires_capture', 'ignored'],
		['canceled', 'not_paid'],
		['succeeded', 'paid'],
		['some_new_status', 'ignored']
	])('given an intent that is %s, whatever its event is called, then it is %s', (status, kind) => {
		expect(read(changed(intentSucceeded, { status })).kind).toBe(kind);
	});

	it('given a failed intent, then the bank said no and may say yes later', () => {
		expect(read(intentFailed)).toMatchObject({
			kind: 'not_paid',
			failed: {
				failure: {
					kind: 'declined',
					code: 'card_declined',
					declineCode: 'generic_decline',
					mayRetry: true
				},
				message: 'Your card was declined.'
			}
		});
	});

	it.each([
		['charge.refunded', refunded],
		['charge.dispute.created', disputeCreated],
		['charge.dispute.closed', disputeClosed]
	])('given %s, then money moved back and Stripe is to be asked', (_type, event) => {
		expect(read(event)).toMatchObject({ kind: 'money_back', name: { paymentIntentId: null } });
		expect(read(changed(event, { payment_intent: 'pi_1' }))).toMatchObject({
			name: { paymentIntentId: 'pi_1' }
		});
	});
});

describe('other events', () => {
	it('given a type nobody knows, then it is ignored', () => {
		expect(read({ ...intentSucceeded, type: 'invoice.paid' })).toEqual({
			kind: 'ignored',
			note: 'invoice.paid means nothing here.'
		});
	});

	it('given a detached card, then its customer is found in what it was before', () => {
		const event = {
			...intentSucceeded,
			type: 'payment_method.detached',
			data: {
				object: { id: 'pm_1', customer: null },
				previous_attributes: { customer: 'cus_1' }
			}
		};
		expect(read(event)).toEqual({ kind: 'card_changed', customerId: 'cus_1' });
	});

	it('given any object under any type, then it is read or said to be malformed and never throws', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...EVENT_TYPES, 'other'),
				fc.dictionary(
					fc.constantFrom(
						'id',
						'status',
						'amount',
						'customer',
						'metadata',
						'payment_intent',
						'mode'
					),
					fc.anything()
				),
				(type, object) => {
					const event = Event.safeParse({ ...intentSucceeded, type, data: { object } });
					if (event.success) expect(readEvent(event.data).kind).toBeTypeOf('string');
				}
			)
		);
	});
});

describe('what a refusal says of the card', () => {
	it.each([
		['card_declined', 'generic_decline', null, 'declined', true],
		['card_declined', 'insufficient_funds', 'try_again_later', 'declined', true],
		['processing_error', null, null, 'declined', true],
		['card_declined', 'lost_card', null, 'declined', false],
		['card_declined', 'stolen_card', null, 'declined', false],
		['card_declined', 'generic_decline', 'do_not_try_again', 'declined', false],
		['expired_card', null, null, 'declined', false],
		['authentication_required', 'authentication_required', null, 'authentication_required', null],
		['card_declined', 'authentication_required', null, 'authentication_required', null],
		['india_recurring_payment_mandate_canceled', null, null, 'authentication_required', null]
	])('given %s, %s, %s, then %s, retry %s', (code, decline_code, advice_code, kind, mayRetry) => {
		const { failure } = readPaymentError({ code, decline_code, advice_code, message: null });
		expect(failure.kind).toBe(kind);
		expect(failure.kind === 'declined' ? failure.mayRetry : null).toBe(mayRetry);
	});
});

describe('disputes', () => {
	it.each([
		['needs_response', 5_000, true],
		['under_review', 5_000, true],
		['appeal_needs_response', 5_000, true],
		['lost', 5_000, false],
		['some_new_status', 5_000, true],
		['won', 0, false],
		['prevented', 0, false],
		['warning_needs_response', 0, false],
		['warning_under_review', 0, false],
		['warning_closed', 0, false]
	])('given one that is %s, then it holds %i cents and is open: %s', (status, cents, isOpen) => {
		const disputes = [{ id: 'dp_1', amount: 5_000, status, payment_intent: 'pi_1' }];
		expect(disputedMicros(disputes)).toBe(microsOf(cents));
		expect(isDisputeOpen(disputes)).toBe(isOpen);
	});
});

describe('cents and micro-dollars', () => {
	it('given any amount in cents, then it comes back the same', () => {
		fc.assert(
			fc.property(fc.nat(99_999_999), (cents) => {
				expect(centsOf(microsOf(cents))).toBe(cents);
			})
		);
	});

	it('given a fraction of a cent, then it is refused', () => {
		expect(() => centsOf(10_001n)).toThrow(RangeError);
	});
});
