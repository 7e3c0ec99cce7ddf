import { assertNever } from '$lib/domain/assert-never';
import type { PaymentView, TransactionType } from '$lib/views';
import { isMoney } from '../credit/tone';
import { formatMoney } from '../format/numbers';
import type { Tone } from '../ui/Pill.svelte';

export const KIND_WORDS: Record<PaymentView['kind'], string> = {
	checkout: 'Funds added',
	auto_refill: 'Auto-refill'
};

export const TRANSACTION_WORDS: Record<TransactionType, { one: string; many: string }> = {
	call: { one: 'Call', many: 'Calls' },
	topup: { one: 'Top-up', many: 'Top-ups' },
	refund: { one: 'Refund', many: 'Refunds' }
};

/** A payment's state as a pill: what went back counts more than that it came. */
export function paymentLook(payment: PaymentView): { tone: Tone; word: string } {
	if (isMoney(payment.disputedAmount)) return { tone: 'stop', word: 'Disputed' };
	if (isMoney(payment.refundedAmount)) {
		const isWhole = Number(payment.refundedAmount) >= Number(payment.amount);
		return { tone: 'neutral', word: isWhole ? 'Refunded' : 'Partly refunded' };
	}
	switch (payment.state) {
		case 'succeeded':
			return { tone: 'good', word: 'Paid' };
		case 'created':
			return { tone: 'neutral', word: 'Not paid yet' };
		case 'pending':
			return { tone: 'attention', word: 'Bank is working on it' };
		case 'failed':
			return { tone: 'stop', word: 'Failed' };
		case 'expired':
			return { tone: 'neutral', word: 'Not paid' };
		case 'unknown':
			return { tone: 'attention', word: 'Being checked' };
		case 'mismatch':
			return { tone: 'stop', word: 'Under review' };
		default:
			return assertNever(payment.state);
	}
}

/** What went back of a payment, or why it failed; null when there is nothing to add. */
export function paymentNote(payment: PaymentView): string | null {
	const back = [
		isMoney(payment.refundedAmount) && `${formatMoney(payment.refundedAmount)} refunded`,
		isMoney(payment.disputedAmount) && `${formatMoney(payment.disputedAmount)} disputed`
	].filter((part) => part !== false);
	if (back.length > 0) return back.join(', ');
	return payment.state === 'failed' ? payment.failureMessage : null;
}

export interface TopUpWords {
	tone: 'good' | 'attention' | 'stop';
	title: string;
	text: string;
	/** It is not over: the page goes on looking. */
	isOpen: boolean;
}

/** What is said to a payer who comes back from the payment page. */
export function topUpWords(payment: PaymentView): TopUpWords {
	const amount = formatMoney(payment.amount);
	switch (payment.state) {
		case 'succeeded':
			return {
				tone: 'good',
				title: `${amount} added`,
				text: 'The money is in the wallet, and the receipt is under Payments.',
				isOpen: false
			};
		case 'created':
		case 'unknown':
			return {
				tone: 'attention',
				title: `${amount} is being confirmed`,
				text: 'The payment service has not confirmed the payment yet. It is credited the moment it does; you need not stay here.',
				isOpen: true
			};
		case 'pending':
			return {
				tone: 'attention',
				title: `${amount} is on its way`,
				text: 'Your bank has not sent the money yet, which may take some days. It is credited the moment it arrives; you need not do anything.',
				isOpen: true
			};
		case 'failed':
			return {
				tone: 'stop',
				title: `${amount} was not added`,
				text: `${payment.failureMessage ?? 'The payment did not come through.'} Nothing was charged. Try again, or use another card.`,
				isOpen: false
			};
		case 'expired':
			return {
				tone: 'attention',
				title: `${amount} was not added`,
				text: 'The payment page was open for too long and has closed. Nothing was charged. Start again when you are ready.',
				isOpen: false
			};
		case 'mismatch':
			return {
				tone: 'stop',
				title: `${amount} was not added`,
				text: 'What was paid is not what was ordered. We have been told and look into it; do not pay again.',
				isOpen: false
			};
		default:
			return assertNever(payment.state);
	}
}

export const CANCELLED: TopUpWords = {
	tone: 'attention',
	title: 'No payment was made',
	text: 'You left the payment page before paying. Nothing was charged.',
	isOpen: false
};
