import { afterAll, beforeAll, expect, test } from 'vitest';
import Stripe from 'stripe';
import failedEvent from './fixtures/event.payment_intent.payment_failed.json';
import succeededEvent from './fixtures/event.payment_intent.succeeded.json';
import { openStripeHouse, type StripeHouse } from './test-support';

let house: StripeHouse;
let customer: string;
beforeAll(async () => {
	house = await openStripeHouse();
	customer = (await house.stripe.customers.create({ email: 'ravi@asha.example' })).id;
});
afterAll(() => house.close());

/** Fields of 2020 events that API version 2026-10-28.endive has no more. */
const GONE = ['charges', 'invoice', 'order', 'dispute', 'destination', 'application_fee_amount'];

function keysOf(object: object): string[] {
	return Object.keys(object).filter((key) => !GONE.includes(key));
}

async function keep(card: string): Promise<string> {
	return (await house.stripe.paymentMethods.attach(card, { customer })).id;
}

function charge(payment_method: string, more: object = {}): Promise<Stripe.PaymentIntent> {
	return house.stripe.paymentIntents.create({
		amount: 5_000,
		currency: 'usd',
		customer,
		payment_method,
		off_session: true,
		confirm: true,
		metadata: { attempt: 'a1' },
		...more
	});
}

async function declineOf(payment: Promise<unknown>): Promise<Stripe.errors.StripeCardError> {
	const error = await payment.then(
		() => null,
		(thrown: unknown) => thrown
	);
	if (error instanceof Stripe.errors.StripeCardError) return error;
	throw new Error(`not a card error: ${String(error)}`);
}

test('given a saved card, when charged off-session, then it succeeds and two events say so', async () => {
	const method = await keep('pm_card_visa');
	const intent = await charge(method);
	expect(intent).toMatchObject({
		object: 'payment_intent',
		status: 'succeeded',
		amount: 5_000,
		amount_received: 5_000,
		currency: 'usd',
		customer,
		livemode: false,
		payment_method: method,
		metadata: { attempt: 'a1' },
		last_payment_error: null
	});
	expect(intent.id).toMatch(/^pi_\w{24}$/);
	const events = await house.receiver.waitFor('payment_intent.succeeded');
	const told = events.find(({ data }) => data.object.id === intent.id);
	expect(told).toMatchObject({ object: 'event', livemode: false, data: { object: { ...intent } } });
	expect(told?.id).toMatch(/^evt_\w{24}$/);
	expect(Object.keys(told ?? {})).toEqual(expect.arrayContaining(Object.keys(succeededEvent)));
	expect(Object.keys(told?.data.object ?? {})).toEqual(
		expect.arrayContaining(keysOf(succeededEvent.data.object))
	);
	const expanded = await house.stripe.paymentIntents.retrieve(intent.id, {
		expand: ['latest_charge.balance_transaction', 'customer']
	});
	expect(expanded).toMatchObject({
		customer: { id: customer, email: 'ravi@asha.example' },
		latest_charge: {
			object: 'charge',
			paid: true,
			amount_refunded: 0,
			payment_intent: intent.id,
			outcome: { type: 'authorized' },
			balance_transaction: { amount: 5_000, fee: 175, net: 4_825 }
		}
	});
	expect(Object.keys(Object(expanded.latest_charge))).toEqual(
		expect.arrayContaining(
			keysOf(Object(succeededEvent.data.object.charges.data[0])).filter((key) => key !== 'refunds')
		)
	);
});

// card, code, decline code, advice
test.each([
	['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline', 'try_again_later'],
	[
		'pm_card_visa_chargeDeclinedInsufficientFunds',
		'card_declined',
		'insufficient_funds',
		'try_again_later'
	],
	['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card', 'do_not_try_again'],
	['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card', 'do_not_try_again'],
	['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined, 'confirm_card_data'],
	['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined, 'confirm_card_data'],
	['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined, 'try_again_later'],
	[
		'pm_card_visa_chargeDeclinedVelocityLimitExceeded',
		'card_declined',
		'card_velocity_exceeded',
		'try_again_later'
	],
	['pm_card_radarBlock', 'card_declined', 'fraudulent', 'do_not_try_again'],
	[
		'pm_card_authenticationRequired',
		'authentication_required',
		'authentication_required',
		'try_again_later'
	],
	[
		'pm_card_authenticationRequiredOnSetup',
		'authentication_required',
		'authentication_required',
		'try_again_later'
	],
	[
		'pm_card_threeDSecure2Required',
		'authentication_required',
		'authentication_required',
		'try_again_later'
	]
])(
	'given %s, when charged off-session, then 402 %s %s',
	async (card, code, declineCode, advice) => {
		const error = await declineOf(charge(card));
		expect(error).toMatchObject({
			statusCode: 402,
			code,
			decline_code: declineCode ?? '',
			advice_code: advice
		});
		expect(error.requestId).toMatch(/^req_/);
		const intent = error.payment_intent;
		expect(intent).toMatchObject({
			status: 'requires_payment_method',
			payment_method: null,
			last_payment_error: { code, type: 'card_error', payment_method: { object: 'payment_method' } }
		});
		const isOfIntent = ({ type, data }: Stripe.Event): boolean =>
			type === 'payment_intent.payment_failed' && Object(data.object).id === intent?.id;
		await expect.poll(() => house.receiver.events.filter(isOfIntent)).toHaveLength(1);
		const event = house.receiver.events.find(isOfIntent);
		expect(Object.keys(Object(event?.data.object).last_payment_error)).toEqual(
			expect.arrayContaining(
				Object.keys(failedEvent.data.object.last_payment_error).filter(
					(key) => key !== 'decline_code' || declineCode !== undefined
				)
			)
		);
		const charged = await house.stripe.charges.retrieve(String(intent?.latest_charge));
		expect(charged).toMatchObject({ paid: false, status: 'failed', failure_code: code });
	}
);

test('given a card that fails once saved, when charged, then it attaches and declines', async () => {
	const method = await keep('pm_card_chargeCustomerFail');
	expect(await declineOf(charge(method))).toMatchObject({ decline_code: 'generic_decline' });
});

test('given a card of the decline table, when attached, then 402', async () => {
	const error = await declineOf(keep('pm_card_visa_chargeDeclined'));
	expect(error).toMatchObject({ statusCode: 402, code: 'card_declined' });
});

test('given a card set up for off-session use, when charged, then no authentication is asked', async () => {
	const kept = await keep('pm_card_authenticationRequiredSetupForOffSession');
	expect((await charge(kept)).status).toBe('succeeded');
	const method = await house.stripe.paymentMethods.attach('pm_card_authenticationRequiredOnSetup', {
		customer
	});
	const setup = await house.stripe.setupIntents.create({
		customer,
		payment_method: method.id,
		confirm: true,
		return_url: 'http://localhost/done'
	});
	expect(setup.status).toBe('requires_action');
	const page = String(setup.next_action?.redirect_to_url?.url);
	await fetch(page, { method: 'POST', body: new URLSearchParams({ action: 'complete' }) });
	expect((await house.stripe.setupIntents.retrieve(setup.id)).status).toBe('succeeded');
	expect((await charge(method.id)).status).toBe('succeeded');
});

test('given the payer is there, when authentication is demanded, then requires_action and the way back', async () => {
	const intent = await charge('pm_card_threeDSecure2Required', {
		off_session: undefined,
		return_url: 'http://localhost:1/back'
	});
	expect(intent).toMatchObject({
		status: 'requires_action',
		next_action: { type: 'redirect_to_url' }
	});
	const page = String(intent.next_action?.redirect_to_url?.url);
	expect(await (await fetch(page)).text()).toContain('Complete authentication');
	const answer = await fetch(page, {
		method: 'POST',
		redirect: 'manual',
		body: new URLSearchParams({ action: 'complete' })
	});
	expect(answer.status).toBe(303);
	expect(answer.headers.get('location')).toMatch(
		new RegExp(`^http://localhost:1/back\\?payment_intent=${intent.id}.*redirect_status=succeeded$`)
	);
	expect((await house.stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
	const failed = await charge('pm_card_threeDSecure2Required', { off_session: undefined });
	expect(failed.next_action?.type).toBe('use_stripe_sdk');
	const sdk = Object(failed.next_action?.use_stripe_sdk);
	await fetch(sdk.stripe_js, { method: 'POST', body: new URLSearchParams({ action: 'fail' }) });
	expect(await house.stripe.paymentIntents.retrieve(failed.id)).toMatchObject({
		status: 'requires_payment_method',
		last_payment_error: { code: 'payment_intent_authentication_failure' }
	});
	const atOnce = charge('pm_card_threeDSecure2Required', {
		off_session: undefined,
		error_on_requires_action: true
	});
	expect(await declineOf(atOnce)).toMatchObject({ code: 'authentication_required' });
});

test('a declined intent can be confirmed again with another card; a paid one cannot', async () => {
	const error = await declineOf(charge('pm_card_visa_chargeDeclined'));
	const id = String(error.payment_intent?.id);
	const paid = await house.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
	expect(paid.status).toBe('succeeded');
	await expect(house.stripe.paymentIntents.confirm(id)).rejects.toMatchObject({
		code: 'payment_intent_unexpected_state'
	});
	await expect(house.stripe.paymentIntents.cancel(id)).rejects.toMatchObject({ statusCode: 400 });
	const open = await house.stripe.paymentIntents.create({ amount: 900, currency: 'usd' });
	expect((await house.stripe.paymentIntents.cancel(open.id)).status).toBe('canceled');
	expect((await house.stripe.paymentIntents.list({ customer, limit: 3 })).data).toHaveLength(3);
});

test('given a declineCode plan for one charge, then a good card is declined once', async () => {
	await house.ask('POST', '/faults', { declineCode: 'insufficient_funds', next: 1 });
	const method = await keep('pm_card_visa');
	expect(await declineOf(charge(method))).toMatchObject({ decline_code: 'insufficient_funds' });
	expect((await charge(method)).status).toBe('succeeded');
});

test('customers: update, list of cards, detach, delete', async () => {
	const { id } = await house.stripe.customers.create({
		name: 'Asha',
		metadata: { a: '1', b: '2' }
	});
	const card = await house.stripe.paymentMethods.attach('pm_card_mastercard', { customer: id });
	expect(card.card).toMatchObject({ brand: 'mastercard', last4: '4444' });
	const updated = await house.stripe.customers.update(id, {
		metadata: { a: '' },
		invoice_settings: { default_payment_method: card.id }
	});
	expect(updated.metadata).toEqual({ b: '2' });
	expect(updated.invoice_settings.default_payment_method).toBe(card.id);
	const cards = await house.stripe.customers.listPaymentMethods(id, { type: 'card' });
	expect(cards.data.map((one) => one.id)).toEqual([card.id]);
	expect((await house.stripe.paymentMethods.list({ customer: id })).data).toHaveLength(1);
	expect((await house.stripe.paymentMethods.detach(card.id)).customer).toBeNull();
	const [detached] = await house.receiver.waitFor('payment_method.detached');
	expect(detached?.data.previous_attributes).toEqual({ customer: id });
	expect(await house.stripe.customers.del(id)).toEqual({ id, object: 'customer', deleted: true });
	expect(await house.stripe.customers.retrieve(id)).toMatchObject({ deleted: true });
	await expect(
		house.stripe.paymentMethods.attach('pm_card_visa', { customer: id })
	).rejects.toMatchObject({ code: 'resource_missing', param: 'customer' });
});
