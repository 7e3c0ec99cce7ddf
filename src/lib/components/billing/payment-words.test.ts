import { describe, expect, it } from 'vitest';
import type { PaymentView } from '$lib/views';
import { paymentLook, paymentNote, topUpWords } from './payment-words';

function payment(changes: Partial<PaymentView> = {}): PaymentView {
	return {
		id: '0190',
		organizationId: 1,
		kind: 'checkout',
		amount: '50.00',
		state: 'succeeded',
		refundedAmount: '0.00',
		disputedAmount: '0.00',
		failureMessage: null,
		receiptUrl: null,
		createdAt: '2026-11-25T14:40:00.000Z',
		succeededAt: null,
		...changes
	};
}

describe('a payment in words', () => {
	it.each([
		[{}, 'Paid', null],
		[{ refundedAmount: '15.00' }, 'Partly refunded', '$15.00 refunded'],
		[{ refundedAmount: '50.00' }, 'Refunded', '$50.00 refunded'],
		[
			{ refundedAmount: '15.00', disputedAmount: '35.00' },
			'Disputed',
			'$15.00 refunded, $35.00 disputed'
		],
		[{ state: 'failed', failureMessage: 'Card declined.' }, 'Failed', 'Card declined.'],
		[{ state: 'mismatch' }, 'Under review', null]
	] as const)('given %o, then it is %s', (changes, word, note) => {
		expect(paymentLook(payment(changes)).word).toBe(word);
		expect(paymentNote(payment(changes))).toBe(note);
	});
});

describe('what a payer who comes back is told', () => {
	it.each([
		['succeeded', '$50.00 added', false],
		['created', '$50.00 is being confirmed', true],
		['unknown', '$50.00 is being confirmed', true],
		['pending', '$50.00 is on its way', true],
		['failed', '$50.00 was not added', false],
		['expired', '$50.00 was not added', false],
		['mismatch', '$50.00 was not added', false]
	] as const)('given that it is %s, then “%s”', (state, title, isOpen) => {
		expect(topUpWords(payment({ state }))).toMatchObject({ title, isOpen });
	});

	it('given a failure, then why, and that nothing was charged', () => {
		const failed = payment({ state: 'failed', failureMessage: 'Your card was declined.' });
		expect(topUpWords(failed).text).toBe(
			'Your card was declined. Nothing was charged. Try again, or use another card.'
		);
	});
});
