/** Stripe's events, read into what they mean for us (PROVIDERS.md 4.3). Pure. */
import type { z } from 'zod';
import type { ChargeFailure } from '$lib/domain/payments/auto-refill';
import { isUuid } from '$lib/domain/uuid';
import type { PaidFact } from '$lib/domain/payments/payment';
import {
	Charge,
	Dispute,
	OfCustomer,
	PaymentIntent,
	Refund,
	Session,
	type Event,
	type PaymentError
} from './wire';

const MICROS_PER_CENT = 10_000n;
export function microsOf(cents: number): bigint {
	return BigInt(cents) * MICROS_PER_CENT;
}

/** @throws RangeError when the amount is no whole number of cents */
export function centsOf(amountMicros: bigint): number {
	if (amountMicros % MICROS_PER_CENT !== 0n) {
		throw new RangeError(`${amountMicros} micro-dollars are no whole cents`);
	}
	return Number(amountMicros / MICROS_PER_CENT);
}

/** What names a payment of ours; each may be missing. */
export interface PaymentName {
	orderId: string | null;
	sessionId: string | null;
	paymentIntentId: string | null;
}

export interface Failed {
	failure: ChargeFailure;
	message: string;
}

export type EventMeaning =
	| { kind: 'paid'; name: PaymentName; fact: PaidFact }
	| { kind: 'pending' | 'expired'; name: PaymentName }
	| { kind: 'not_paid'; name: PaymentName; failed: Failed }
	/** Money went back or came back: Stripe is to be asked how much. */
	| { kind: 'money_back'; name: PaymentName }
	/** The saved cards of a customer changed. */
	| { kind: 'card_changed' | 'customer_deleted'; customerId: string }
	| { kind: 'ignored'; note: string }
	| { kind: 'malformed'; note: string };

type Reader = (object: Record<string, unknown>) => EventMeaning;

/** An object that is not as Stripe documents it is kept with the field that is wrong. */
function reading<Schema extends z.ZodType>(
	schema: Schema,
	read: (object: z.output<Schema>) => EventMeaning
): Reader {
	return (object) => {
		const parsed = schema.safeParse(object);
		if (parsed.success) return read(parsed.data);
		const issue = parsed.error.issues[0];
		const note = `${issue?.path.join('.') ?? 'object'}: ${issue?.message ?? 'not valid'}`;
		return { kind: 'malformed', note: note.slice(0, 300) };
	};
}

const session = (read: (object: Session) => EventMeaning) => reading(Session, read);
const intent = (read: (object: PaymentIntent) => EventMeaning) => reading(PaymentIntent, read);
const ofPayment = (schema: typeof Charge | typeof Refund | typeof Dispute) =>
	reading(schema, (object): EventMeaning => ({
		kind: 'money_back',
		name: { orderId: null, sessionId: null, paymentIntentId: object.payment_intent }
	}));
const ofCard = reading(OfCustomer, ({ customer }) =>
	customer === null
		? { kind: 'ignored', note: 'of no customer' }
		: { kind: 'card_changed', customerId: customer }
);

const READERS: Record<string, Reader> = {
	'checkout.session.completed': session(readSession),
	'checkout.session.async_payment_succeeded': session(readSession),
	'checkout.session.async_payment_failed': session((object) => ({
		kind: 'not_paid',
		name: nameOfSession(object),
		failed: {
			failure: {
				kind: 'declined',
				code: 'async_payment_failed',
				declineCode: null,
				mayRetry: false
			},
			message: 'The payment did not go through.'
		}
	})),
	'checkout.session.expired': session((object) => ({
		kind: 'expired',
		name: nameOfSession(object)
	})),
	'payment_intent.succeeded': intent(readIntent),
	'payment_intent.processing': intent(readIntent),
	'payment_intent.payment_failed': intent(readIntent),
	'payment_intent.requires_action': intent(readIntent),
	'payment_intent.canceled': intent(readIntent),
	'setup_intent.succeeded': ofCard,
	'setup_intent.setup_failed': ofCard,
	'payment_method.attached': ofCard,
	'payment_method.automatically_updated': ofCard,
	'payment_method.updated': ofCard,
	'customer.deleted': reading(OfCustomer, ({ id }) => ({
		kind: 'customer_deleted',
		customerId: id
	})),
	'charge.refunded': ofPayment(Charge),
	'charge.updated': ofPayment(Charge),
	'charge.refund.updated': ofPayment(Refund),
	'refund.created': ofPayment(Refund),
	'refund.updated': ofPayment(Refund),
	'refund.failed': ofPayment(Refund),
	'charge.dispute.created': ofPayment(Dispute),
	'charge.dispute.updated': ofPayment(Dispute),
	'charge.dispute.closed': ofPayment(Dispute),
	'charge.dispute.funds_withdrawn': ofPayment(Dispute),
	'charge.dispute.funds_reinstated': ofPayment(Dispute)
};

/** Types that mean something here: what the catch-up asks for. */
export const EVENT_TYPES = [...Object.keys(READERS), 'payment_method.detached'];

/** What an event means. Unknown types are ignored: Stripe adds new ones at any time. */
export function readEvent(event: Event): EventMeaning {
	if (event.type === 'payment_method.detached') return readDetached(event);
	const reader = READERS[event.type];
	if (!reader) return { kind: 'ignored', note: `${event.type} means nothing here.` };
	return reader(event.data.object);
}

/** A detached card names its customer only in what it was before. */
function readDetached(event: Event): EventMeaning {
	const before = event.data.previous_attributes;
	return ofCard({ ...event.data.object, ...(typeof before === 'object' ? before : {}) });
}

function orderIdOf(text: string | null | undefined): string | null {
	return isUuid(text) ? text : null;
}

function nameOfSession(object: Session): PaymentName {
	return {
		orderId: orderIdOf(object.metadata.payment_id) ?? orderIdOf(object.client_reference_id),
		sessionId: object.id,
		paymentIntentId: object.payment_intent
	};
}

/** Paid only when its payment is: `complete` alone may be a bank debit under way. */
export function readSession(object: Session): EventMeaning {
	if (object.mode !== 'payment') {
		return object.customer === null
			? { kind: 'ignored', note: `a session of mode ${object.mode}` }
			: { kind: 'card_changed', customerId: object.customer };
	}
	const name = nameOfSession(object);
	if (object.status === 'expired') return { kind: 'expired', name };
	if (!['paid', 'no_payment_required'].includes(object.payment_status)) {
		return { kind: 'pending', name };
	}
	return {
		kind: 'paid',
		name,
		fact: {
			paymentIntentId: object.payment_intent ?? object.id,
			amountMicros: microsOf(object.amount_total ?? 0),
			currency: object.currency ?? '',
			isLive: object.livemode,
			customerId: object.customer
		}
	};
}

/** What an intent says of its payment now; its status decides, not the name of the event. */
export function readIntent(object: PaymentIntent): EventMeaning {
	const name = {
		orderId: orderIdOf(object.metadata.payment_id),
		sessionId: null,
		paymentIntentId: object.id
	};
	switch (object.status) {
		case 'succeeded':
			return {
				kind: 'paid',
				name,
				fact: {
					paymentIntentId: object.id,
					amountMicros: microsOf(object.amount_received),
					currency: object.currency,
					isLive: object.livemode,
					customerId: object.customer
				}
			};
		case 'processing':
			return { kind: 'pending', name };
		case 'requires_action':
			return { kind: 'not_paid', name, failed: NEEDS_ACTION };
		case 'canceled':
			return { kind: 'not_paid', name, failed: CANCELED };
		case 'requires_payment_method':
			return object.last_payment_error
				? { kind: 'not_paid', name, failed: readPaymentError(object.last_payment_error) }
				: { kind: 'ignored', note: 'Nobody has tried to pay yet.' };
		default:
			return { kind: 'ignored', note: `a payment intent that is ${object.status}` };
	}
}

const NEEDS_ACTION: Failed = {
	failure: { kind: 'authentication_required', code: 'authentication_required' },
	message: 'The bank asks the card holder to confirm.'
};
const CANCELED: Failed = {
	failure: { kind: 'outage', code: 'canceled' },
	message: 'The payment was cancelled.'
};

/** Codes after which the same card must not be tried again by a machine. */
const NEVER_RETRY = new Set([
	'expired_card',
	'fraudulent',
	'incorrect_number',
	'invalid_account',
	'invalid_number',
	'lost_card',
	'merchant_blacklist',
	'new_account_information_available',
	'pickup_card',
	'restricted_card',
	'revocation_of_all_authorizations',
	'revocation_of_authorization',
	'security_violation',
	'stolen_card',
	'stop_payment_order',
	'transaction_not_allowed',
	'card_not_supported',
	'currency_not_supported',
	'do_not_try_again',
	'confirm_card_data'
]);
const AUTHENTICATION = new Set([
	'authentication_required',
	'authentication_not_handled',
	'payment_intent_authentication_failure',
	'india_recurring_payment_mandate_canceled'
]);

/** What a refused payment says of the card (PROVIDERS.md 4.5). */
export function readPaymentError(error: PaymentError): Failed {
	const code = error.code ?? 'card_declined';
	const declineCode = error.decline_code ?? null;
	const message = error.message ?? 'The card was declined.';
	const words = [code, declineCode ?? '', error.advice_code ?? ''];
	if (words.some((word) => AUTHENTICATION.has(word))) {
		return { failure: { kind: 'authentication_required', code }, message };
	}
	const mayRetry = !words.some((word) => NEVER_RETRY.has(word));
	return { failure: { kind: 'declined', code, declineCode, mayRetry }, message };
}

/** Disputes that took no funds, or gave them back. */
const HARMLESS_DISPUTES = new Set([
	'won',
	'prevented',
	'warning_needs_response',
	'warning_under_review',
	'warning_closed'
]);

/** Micro-dollars that disputes hold of a payment now. A status that is new counts as one that takes. */
export function disputedMicros(disputes: z.infer<typeof Dispute>[]): bigint {
	return disputes
		.filter(({ status }) => !HARMLESS_DISPUTES.has(status))
		.reduce((total, { amount }) => total + microsOf(amount), 0n);
}

/** Whether somebody disputes the payment at this moment. */
export function isDisputeOpen(disputes: z.infer<typeof Dispute>[]): boolean {
	return disputes.some(({ status }) => !HARMLESS_DISPUTES.has(status) && status !== 'lost');
}
