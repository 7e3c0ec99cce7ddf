/** PaymentIntents and SetupIntents as the API makes and confirms them. */
import type Stripe from 'stripe';
import { invalid, StripeError } from './errors';
import { idOf } from './ids';
import { attachMethod, resolveMethod } from './methods';
import { newPaymentIntent, newSetupIntent } from './objects';
import type { Params } from './params';
import { confirmIntent } from './payments';
import type { StripeRoom } from './room';
import type { KeptMethod } from './store';

const CREATE_PARAMS = [
	'allowed_payment_method_types',
	'amount',
	'automatic_payment_methods',
	'capture_method',
	'confirm',
	'confirmation_method',
	'currency',
	'customer',
	'description',
	'error_on_requires_action',
	'excluded_payment_method_types',
	'metadata',
	'off_session',
	'payment_method',
	'payment_method_options',
	'receipt_email',
	'return_url',
	'setup_future_usage',
	'statement_descriptor',
	'statement_descriptor_suffix',
	'use_stripe_sdk'
];
const LEAST_AMOUNT = 50;

/** Minor units and currency of a payment. Throws below half a dollar. */
export function readMoney(params: Params): { amount: number; currency: string } {
	const amount = params.requireAmount('amount');
	const currency = params.requireText('currency').toLowerCase();
	if (!/^[a-z]{3}$/.test(currency))
		throw invalid(`Invalid currency: ${currency}`, { param: 'currency' });
	checkLeastAmount(amount, currency);
	return { amount, currency };
}

export function checkLeastAmount(amount: number, currency: string): void {
	if (currency !== 'usd' || amount >= LEAST_AMOUNT) return;
	throw invalid('Amount must be at least $0.50 usd', { code: 'amount_too_small', param: 'amount' });
}

function readConfirmation(room: StripeRoom, params: Params, method: KeptMethod) {
	return {
		method,
		isOffSession: params.has('off_session') && params.text('off_session') !== 'false',
		failsOnAction: params.flag('error_on_requires_action'),
		returnUrl: params.text('return_url')
	};
}

/** POST /v1/payment_intents. Throws 402 when it is confirmed and declined. */
export function createIntent(room: StripeRoom, params: Params): Stripe.PaymentIntent {
	params.allowOnly(...CREATE_PARAMS);
	const money = readMoney(params);
	const customer = params.text('customer');
	if (customer !== null) room.store.getCustomer(customer, 'customer');
	const isConfirmed = params.flag('confirm');
	if (params.has('off_session') && !isConfirmed) {
		throw invalid('You can only set `off_session` when `confirm` is true.', {
			param: 'off_session'
		});
	}
	const methodId = params.text('payment_method');
	const method = methodId === null ? null : resolveMethod(room, methodId, 'payment_method');
	if (isConfirmed && method === null) throw missingMethod();
	const intent = newPaymentIntent({
		...money,
		customer,
		description: params.text('description'),
		metadata: params.metadata(),
		receiptEmail: params.text('receipt_email'),
		setupFutureUsage: params.oneOf('setup_future_usage', ['off_session', 'on_session']),
		confirmationMethod: params.oneOf('confirmation_method', ['automatic', 'manual']) ?? 'automatic'
	});
	room.store.paymentIntents.add(intent.id, intent);
	room.events.record('payment_intent.created', intent);
	if (method !== null) {
		intent.payment_method = method.object.id;
		intent.status = 'requires_confirmation';
		if (isConfirmed) return confirmIntent(room, intent, readConfirmation(room, params, method));
	}
	return intent;
}

function missingMethod(): StripeError {
	return invalid('You cannot confirm this PaymentIntent because it is missing a payment method.', {
		code: 'payment_intent_unexpected_state'
	});
}

/** POST /v1/payment_intents/{id}/confirm. Throws 402 on a decline. */
export function confirmIntentByApi(
	room: StripeRoom,
	intent: Stripe.PaymentIntent,
	params: Params
): Stripe.PaymentIntent {
	params.allowOnly(
		'error_on_requires_action',
		'off_session',
		'payment_method',
		'payment_method_options',
		'receipt_email',
		'return_url',
		'setup_future_usage',
		'use_stripe_sdk'
	);
	const id = params.text('payment_method') ?? idOf(intent.payment_method);
	if (id === null) throw missingMethod();
	const method = resolveMethod(room, id, 'payment_method');
	return confirmIntent(room, intent, readConfirmation(room, params, method));
}

/** POST /v1/payment_intents/{id}: what may change before it is paid. */
export function updateIntent(
	room: StripeRoom,
	intent: Stripe.PaymentIntent,
	params: Params
): Stripe.PaymentIntent {
	params.allowOnly(
		'amount',
		'customer',
		'description',
		'metadata',
		'payment_method',
		'receipt_email'
	);
	const amount = params.amount('amount');
	if (amount !== null) intent.amount = amount;
	const customer = params.text('customer');
	if (customer !== null) intent.customer = room.store.getCustomer(customer, 'customer').id;
	if (params.has('description')) intent.description = params.text('description');
	if (params.has('metadata')) intent.metadata = params.metadata(intent.metadata);
	const method = params.text('payment_method');
	if (method !== null) {
		intent.payment_method = resolveMethod(room, method, 'payment_method').object.id;
		intent.status = 'requires_confirmation';
	}
	return intent;
}

/** POST /v1/setup_intents. Throws 402 when it is confirmed with a card that cannot be kept. */
export function createSetupIntent(room: StripeRoom, params: Params): Stripe.SetupIntent {
	params.allowOnly(
		'allowed_payment_method_types',
		'automatic_payment_methods',
		'confirm',
		'customer',
		'description',
		'excluded_payment_method_types',
		'metadata',
		'payment_method',
		'payment_method_options',
		'return_url',
		'usage',
		'use_stripe_sdk'
	);
	const customer = params.text('customer');
	if (customer !== null) room.store.getCustomer(customer, 'customer');
	const usage = params.oneOf('usage', ['off_session', 'on_session']) ?? 'off_session';
	const methodId = params.text('payment_method');
	const method = methodId === null ? null : resolveMethod(room, methodId, 'payment_method');
	const setup = newSetupIntent(customer, usage);
	setup.description = params.text('description');
	setup.metadata = params.metadata();
	room.store.setupIntents.add(setup.id, setup);
	room.events.record('setup_intent.created', setup);
	if (method === null) return setup;
	setup.payment_method = method.object.id;
	setup.status = 'requires_confirmation';
	return params.flag('confirm') ? confirmSetup(room, setup, method) : setup;
}

/** Keeps the method for later charges, after authentication where the card asks for it. Throws 402. */
export function confirmSetup(
	room: StripeRoom,
	setup: Stripe.SetupIntent,
	method: KeptMethod
): Stripe.SetupIntent {
	if (setup.status === 'succeeded' || setup.status === 'canceled') {
		throw invalid(
			`You cannot confirm this SetupIntent because it has a status of ${setup.status}.`,
			{
				code: 'setup_intent_unexpected_state'
			}
		);
	}
	setup.payment_method = method.object.id;
	const rule = method.card?.authentication ?? 'never';
	if (rule !== 'never' && rule !== 'on-session') {
		setup.status = 'requires_action';
		const url = `${room.context.baseUrl()}/c/authenticate/${setup.id}`;
		setup.next_action = { type: 'redirect_to_url', redirect_to_url: { return_url: null, url } };
		room.events.record('setup_intent.requires_action', setup);
		return setup;
	}
	return finishSetup(room, setup, method);
}

/** The method is kept, or refused with 402 and setup_intent.setup_failed. */
export function finishSetup(
	room: StripeRoom,
	setup: Stripe.SetupIntent,
	method: KeptMethod
): Stripe.SetupIntent {
	const customer = idOf(setup.customer);
	try {
		if (method.card?.canBeKept === false) attachMethod(room, method, customer ?? '');
		else if (customer !== null) attachMethod(room, method, customer);
	} catch (error) {
		if (error instanceof StripeError)
			failSetup(room, setup, error.details.code ?? '', error.message);
		throw error;
	}
	method.isSetUpOffSession = setup.usage === 'off_session';
	setup.status = 'succeeded';
	setup.next_action = null;
	setup.last_setup_error = null;
	room.events.record('setup_intent.succeeded', setup);
	return setup;
}

/** The method was refused or its owner did not authenticate; another one may be tried. */
export function failSetup(
	room: StripeRoom,
	setup: Stripe.SetupIntent,
	code: string,
	message: string
): void {
	setup.status = 'requires_payment_method';
	setup.next_action = null;
	setup.payment_method = null;
	setup.last_setup_error = { code, message, type: 'card_error' };
	room.events.record('setup_intent.setup_failed', setup);
}
