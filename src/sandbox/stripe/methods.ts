import type Stripe from 'stripe';
import { findCardByNumber, findCardByToken, type TestCard } from './cards';
import { invalid, noSuch, StripeError } from './errors';
import { idOf } from './ids';
import { laterExpiry, newBankMethod, newCardMethod, type CardExpiry } from './objects';
import type { Params } from './params';
import type { StripeRoom } from './room';
import type { KeptMethod } from './store';

export function addCardMethod(
	{ store }: StripeRoom,
	card: TestCard,
	expiry: CardExpiry
): KeptMethod {
	const kept = { object: newCardMethod(card, expiry), card, isSetUpOffSession: false };
	store.methods.add(kept.object.id, kept);
	return kept;
}

export function addBankMethod({ store }: StripeRoom): KeptMethod {
	const kept = { object: newBankMethod(), card: null, isSetUpOffSession: true };
	store.methods.add(kept.object.id, kept);
	return kept;
}

/** The method of an id, or a new one of a test name such as `pm_card_visa`. Throws. */
export function resolveMethod(room: StripeRoom, id: string, param: string): KeptMethod {
	const card = findCardByToken(id);
	return card === null
		? room.store.methods.get(id, param)
		: addCardMethod(room, card, laterExpiry());
}

/** A card that is declined when it is to be kept: 402, as when a customer tries. */
function refuseToKeep(method: KeptMethod): StripeError {
	const decline = method.card?.decline;
	return new StripeError(402, 'card_error', decline?.message ?? 'Your card was declined.', {
		code: decline?.code ?? 'card_declined',
		...(decline?.declineCode ? { decline_code: decline.declineCode } : {})
	});
}

/** Keeps a method for a customer. Throws card_declined for cards that cannot be kept. */
export function attachMethod(room: StripeRoom, method: KeptMethod, customer: string): void {
	const { object, card } = method;
	const owner = idOf(object.customer);
	if (owner === customer) return;
	if (owner !== null) {
		throw invalid('The payment method you provided has already been attached to a customer.');
	}
	if (card !== null && !card.canBeKept) throw refuseToKeep(method);
	object.customer = customer;
	if (card?.authentication === 'on-session') method.isSetUpOffSession = true;
	room.events.record('payment_method.attached', object);
}

export function detachMethod(room: StripeRoom, { object }: KeptMethod): void {
	const customer = idOf(object.customer);
	if (customer === null) {
		throw invalid(
			'The payment method you provided is not attached to a customer so detachment is impossible.'
		);
	}
	object.customer = null;
	const settings = room.store.customers.find(customer)?.invoice_settings;
	if (settings !== undefined && idOf(settings.default_payment_method) === object.id) {
		settings.default_payment_method = null;
	}
	room.events.record('payment_method.detached', object, { customer });
}

/** POST /v1/payment_methods: only cards, by number or test token. */
export function createMethod(room: StripeRoom, params: Params): Stripe.PaymentMethod {
	params.allowOnly('type', 'card', 'billing_details', 'metadata', 'allow_redisplay', 'customer');
	if (params.requireText('type') !== 'card')
		throw invalid('Invalid type: the sandbox makes cards only.');
	const given = params.child('card');
	const token = given.text('token');
	const number = given.text('number');
	const card =
		token === null
			? findCardByNumber(number ?? '')
			: findCardByToken(token.replace(/^tok_/, 'pm_card_'));
	if (card === null) {
		const code = 'incorrect_number';
		throw new StripeError(402, 'card_error', 'Your card number is incorrect.', { code });
	}
	const expiry = laterExpiry();
	const { object } = addCardMethod(room, card, {
		month: given.integer('exp_month') ?? expiry.month,
		year: given.integer('exp_year') ?? expiry.year
	});
	object.metadata = params.metadata();
	return object;
}

/** The methods of a customer, newest first; `type` may be missing. */
export function listMethods(
	{ store }: StripeRoom,
	customer: string,
	type: string | null
): Stripe.PaymentMethod[] {
	return store.methods
		.newestFirst()
		.map(({ object }) => object)
		.filter((one) => idOf(one.customer) === customer && (type === null || one.type === type));
}

/** One method of one customer. Throws resource_missing for another's. */
export function getMethodOf(room: StripeRoom, customer: string, id: string): Stripe.PaymentMethod {
	const { object } = room.store.methods.get(id);
	if (idOf(object.customer) !== customer) throw noSuch('PaymentMethod', id, 'id');
	return object;
}
