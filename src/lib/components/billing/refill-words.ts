/** Auto-refill in words: what it does, what keeps it from doing so, and the way out. */
import { assertNever } from '$lib/domain/assert-never';
import type { PauseReason } from '$lib/domain/payments/auto-refill';
import type { AutoRefillView, CardView } from '$lib/views';
import { formatMoney } from '../format/numbers';
import type { NoticeTone } from '../ui/Notice.svelte';

/** `$50`, and `$12.50` where there are cents. */
export function shortMoney(dollars: string): string {
	return formatMoney(dollars).replace(/\.00$/, '');
}

const BRANDS: Record<string, string> = {
	visa: 'Visa',
	mastercard: 'Mastercard',
	amex: 'American Express',
	discover: 'Discover',
	diners: 'Diners Club',
	jcb: 'JCB',
	unionpay: 'UnionPay'
};

/** `Visa •••• 4242`, which no line breaks. */
export function cardName(card: CardView): string {
	return `${BRANDS[card.brand] ?? card.brand}\u00A0••••\u00A0${card.last4}`;
}

/** What auto-refill does, or would do, as one sentence. */
export function refillSentence(
	refill: Pick<AutoRefillView, 'amount' | 'threshold' | 'monthlyCap'>,
	card: CardView | null
): string {
	const source = card ? cardName(card) : 'the saved card';
	const cap =
		refill.monthlyCap === null ? '' : `, at most ${shortMoney(refill.monthlyCap)} a month`;
	return `When the balance falls under ${shortMoney(refill.threshold)}, charge ${source} ${shortMoney(refill.amount)}${cap}.`;
}

/** What a person who may pay can do about it. */
export type WayOut = 'resume' | 'add_funds' | 'raise_cap';

export interface RefillNotice {
	tone: NoticeTone;
	title: string;
	/** Why, and what follows. */
	text: string;
	ways: WayOut[];
}

/**
 * What there is to say about auto-refill beside its sentence.
 * @param spent dollars it charged this month
 * @param timeOf writes a moment for the reader
 * @returns null when all is well
 */
export function refillNotice(
	refill: AutoRefillView,
	card: CardView | null,
	spent: string,
	timeOf: (at: string) => string
): RefillNotice | null {
	if (!refill.isEnabled) return null;
	const source = card ? cardName(card) : 'The saved card';
	switch (refill.state) {
		case 'paused':
			return {
				...pausedNotice(refill.pauseReason ?? 'declined', refill, source, spent),
				title: 'Auto-refill is paused'
			};
		case 'backoff':
			return refill.declines > 0
				? {
						tone: 'attention',
						title: `Charge declined, ${refill.declines} of 4`,
						text: `${source} was declined. It is tried again ${nextTry(refill, timeOf)}; after four declines auto-refill pauses. Add funds by hand to go on now, with another card if you like.`,
						ways: ['add_funds', 'resume']
					}
				: {
						tone: 'attention',
						title: 'Charge not made',
						text: `The payment service did not make the charge; nothing was taken. It is tried again ${nextTry(refill, timeOf)}.`,
						ways: ['add_funds']
					};
		case 'unknown':
			return {
				tone: 'attention',
				title: 'Charge being checked',
				text: `No answer came to a charge, so nobody knows yet whether it was made. It is looked up until it is known, and never charged twice.`,
				ways: []
			};
		case 'claimed':
		case 'charging':
			return { tone: 'live', title: 'Charging now', text: `${source} is being charged.`, ways: [] };
		case 'armed':
		case 'settled':
			return card ? null : noCard();
		default:
			return assertNever(refill.state);
	}
}

function nextTry(refill: AutoRefillView, timeOf: (at: string) => string): string {
	return refill.nextAttemptAt === null ? 'soon' : `at ${timeOf(refill.nextAttemptAt)}`;
}

function noCard(): RefillNotice {
	return {
		tone: 'attention',
		title: 'No card to charge',
		text: 'No card is saved, so nothing can be charged. Add funds by card once; it is then saved.',
		ways: ['add_funds']
	};
}

function pausedNotice(
	reason: PauseReason,
	refill: AutoRefillView,
	source: string,
	spent: string
): Omit<RefillNotice, 'title'> {
	switch (reason) {
		case 'declined':
			return {
				tone: 'stop',
				text: `The bank declined ${source} four times, so no more attempts are made. Add funds with another card, or resume once the card is in order.`,
				ways: ['add_funds', 'resume']
			};
		case 'card_refused':
			return {
				tone: 'stop',
				text: `${source} cannot be charged any more: it is lost, expired or closed. Add funds with another card; it replaces this one and auto-refill goes on.`,
				ways: ['add_funds', 'resume']
			};
		case 'authentication_required':
			return {
				tone: 'stop',
				text: `The bank wants you to confirm charges to ${source} yourself (3-D Secure), which cannot be done while you are away. Add funds and confirm on the payment page; auto-refill then goes on.`,
				ways: ['add_funds', 'resume']
			};
		case 'no_card':
			return { ...noCard(), tone: 'stop' };
		case 'monthly_cap':
			return {
				tone: 'attention',
				text: `${shortMoney(spent)} was charged this month, and another ${shortMoney(refill.amount)} would go over the cap of ${shortMoney(refill.monthlyCap ?? '0')}. It goes on next month. Raise the cap, or add funds by hand.`,
				ways: ['raise_cap', 'add_funds']
			};
		case 'mismatch':
			return {
				tone: 'stop',
				text: 'A charge was not what was ordered; nothing was credited and we are looking into it. Add funds by hand meanwhile.',
				ways: ['add_funds', 'resume']
			};
		default:
			return assertNever(reason);
	}
}
