import { afterAll, beforeAll, expect, test } from 'vitest';
import type Stripe from 'stripe';
import completedEvent from './fixtures/event.checkout.session.completed.payment_mode.json';
import { openStripeHouse, type StripeHouse } from './test-support';

let house: StripeHouse;
let customer: string;
beforeAll(async () => {
	house = await openStripeHouse();
	customer = (await house.stripe.customers.create({ email: 'ravi@asha.example' })).id;
});
afterAll(() => house.close());

const SUCCESS = 'http://localhost:1/settings/billing?session_id={CHECKOUT_SESSION_ID}';
const CANCEL = 'http://localhost:1/settings/billing?cancelled=1';
const GOOD_CARD = { number: '4242 4242 4242 4242', expiry: '12 / 34', cvc: '123' };

function open(more: object = {}): Promise<Stripe.Checkout.Session> {
	return house.stripe.checkout.sessions.create({
		mode: 'payment',
		customer,
		client_reference_id: 'order-1',
		line_items: [
			{
				price_data: {
					currency: 'usd',
					unit_amount: 5_000,
					product_data: { name: 'Talk time <500 minutes>' }
				},
				quantity: 1
			}
		],
		metadata: { order_id: 'order-1' },
		payment_intent_data: {
			setup_future_usage: 'off_session',
			metadata: { order_id: 'order-1' }
		},
		success_url: SUCCESS,
		cancel_url: CANCEL,
		...more
	});
}

function post(url: string | null, form: Record<string, string>): Promise<Response> {
	return fetch(String(url), {
		method: 'POST',
		redirect: 'manual',
		body: new URLSearchParams({ action: 'pay', ...form })
	});
}

function eventsOf(type: string, id: string): Stripe.Event[] {
	return house.receiver.events.filter(
		(event) => event.type === type && Object(event.data.object).id === id
	);
}

async function completed(id: string): Promise<Stripe.Checkout.Session> {
	await expect.poll(() => eventsOf('checkout.session.completed', id)).toHaveLength(1);
	return Object(eventsOf('checkout.session.completed', id)[0]?.data.object);
}

test('given a session, when its page is opened, then it shows merchant, amount and a plain form', async () => {
	const session = await open();
	expect(session).toMatchObject({
		object: 'checkout.session',
		status: 'open',
		payment_status: 'unpaid',
		amount_total: 5_000,
		currency: 'usd',
		payment_intent: null,
		expires_at: session.created + 86_400,
		ui_mode: 'hosted_page'
	});
	expect(session.id).toMatch(/^cs_test_/);
	const html = await (await fetch(String(session.url))).text();
	expect(html).toContain('$50.00');
	expect(html).toContain('Talktime');
	expect(html).toContain('Talk time &lt;500 minutes&gt;');
	expect(html).not.toContain('<script');
	for (const name of ['number', 'expiry', 'cvc']) expect(html).toContain(`name="${name}"`);
	for (const action of ['pay', 'fail', 'cancel']) expect(html).toContain(`value="${action}"`);
});

test('given a good card, when paid, then back to success_url, the card kept, the events in order', async () => {
	const session = await open();
	const paid = await post(session.url, GOOD_CARD);
	expect(paid.status).toBe(303);
	expect(paid.headers.get('location')).toBe(SUCCESS.replace('{CHECKOUT_SESSION_ID}', session.id));
	const event = await completed(session.id);
	expect(event).toMatchObject({
		status: 'complete',
		payment_status: 'paid',
		customer,
		client_reference_id: 'order-1',
		metadata: { order_id: 'order-1' },
		customer_details: { email: 'ravi@asha.example' }
	});
	const gone = ['shipping'];
	expect(Object.keys(event)).toEqual(
		expect.arrayContaining(
			Object.keys(completedEvent.data.object).filter((key) => !gone.includes(key))
		)
	);
	const retrieved = await house.stripe.checkout.sessions.retrieve(session.id, {
		expand: ['payment_intent.latest_charge', 'line_items']
	});
	expect(retrieved).toMatchObject({
		payment_intent: {
			status: 'succeeded',
			metadata: { order_id: 'order-1' },
			setup_future_usage: 'off_session',
			latest_charge: { paid: true, metadata: { order_id: 'order-1' } }
		},
		line_items: { data: [{ amount_total: 5_000, quantity: 1 }] }
	});
	const cards = await house.stripe.customers.listPaymentMethods(customer);
	expect(cards.data[0]?.card).toMatchObject({ last4: '4242', exp_month: 12, exp_year: 2034 });
	const intentId = Object(retrieved.payment_intent).id;
	const ofPayment = house.receiver.events
		.filter(({ data }) => [intentId, session.id].includes(Object(data.object).id))
		.map(({ type }) => type);
	expect(ofPayment).toEqual([
		'payment_intent.created',
		'payment_intent.succeeded',
		'checkout.session.completed'
	]);
	expect(await (await fetch(String(session.url))).text()).toContain('complete');
	expect(
		(await house.stripe.checkout.sessions.list({ payment_intent: intentId })).data
	).toHaveLength(1);
});

test.each([
	[{ ...GOOD_CARD, number: '4000 0000 0000 9995' }, 'insufficient funds'],
	[{ ...GOOD_CARD, number: '1234' }, 'card number is invalid'],
	[{ ...GOOD_CARD, expiry: '01 / 20' }, 'in the past'],
	[{ ...GOOD_CARD, cvc: 'x' }, 'security code is incomplete'],
	[{ ...GOOD_CARD, action: 'fail' }, 'Your card was declined.']
])(
	'given %j, when paid, then the page says %s and a good card still pays',
	async (form, message) => {
		const session = await open();
		const refused = await post(session.url, form);
		expect(refused.status).toBe(402);
		expect(await refused.text()).toContain(message);
		expect((await house.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
		expect((await post(session.url, GOOD_CARD)).status).toBe(303);
		expect((await completed(session.id)).payment_status).toBe('paid');
	}
);

test('given a declined try and then a good one, then both are one PaymentIntent', async () => {
	const session = await open();
	await post(session.url, { ...GOOD_CARD, action: 'fail' });
	const first = await house.stripe.checkout.sessions.retrieve(session.id);
	await post(session.url, GOOD_CARD);
	const second = await completed(session.id);
	expect(second.payment_intent).toBe(first.payment_intent);
});

test('when cancelled, then back to cancel_url and the session stays open until it expires', async () => {
	const session = await open();
	const cancelled = await post(session.url, { action: 'cancel' });
	expect(cancelled.headers.get('location')).toBe(CANCEL);
	expect((await house.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
	await house.ask('POST', '/advance', { seconds: 86_401 });
	await expect
		.poll(async () => (await house.stripe.checkout.sessions.retrieve(session.id)).status)
		.toBe('expired');
	await expect.poll(() => eventsOf('checkout.session.expired', session.id)).toHaveLength(1);
	const page = `${house.sandbox.url}/c/pay/${session.id}`;
	expect(await (await fetch(page)).text()).toContain('timed out');
	const asked = await open();
	expect((await house.stripe.checkout.sessions.expire(asked.id)).status).toBe('expired');
	await expect(house.stripe.checkout.sessions.expire(asked.id)).rejects.toMatchObject({
		statusCode: 400
	});
});

test('given a card with 3-D Secure, when completed, then paid; when failed, then the page says so', async () => {
	const session = await open();
	const threeDSecure = { ...GOOD_CARD, number: '4000000000003220' };
	const demanded = await post(session.url, threeDSecure);
	const bank = String(demanded.headers.get('location'));
	expect(bank).toContain('/c/authenticate/pi_');
	const failed = await post(bank, { action: 'fail' });
	expect(failed.status).toBe(402);
	expect(await failed.text()).toContain(`action="/c/pay/${session.id}"`);
	const again = String((await post(session.url, threeDSecure)).headers.get('location'));
	const done = await post(again, { action: 'complete' });
	expect(done.headers.get('location')).toBe(SUCCESS.replace('{CHECKOUT_SESSION_ID}', session.id));
	expect((await completed(session.id)).payment_status).toBe('paid');
});

test.each([
	[true, 'checkout.session.async_payment_succeeded', 'paid'],
	[false, 'checkout.session.async_payment_failed', 'unpaid']
])('given a bank debit, when it settles %s, then %s', async (succeeds, type, status) => {
	const session = await open();
	expect((await post(session.url, { method: 'bank' })).status).toBe(303);
	const event = await completed(session.id);
	expect(event.payment_status).toBe('unpaid');
	const settle = `/stripe/payment_intents/${String(event.payment_intent)}/settle`;
	expect((await house.ask('POST', settle, { succeeds })).status).toBe(200);
	await expect.poll(() => eventsOf(type, session.id)).toHaveLength(1);
	expect((await house.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe(status);
	expect((await house.ask('POST', settle, { succeeds })).status).toBe(400);
});

test('mode setup keeps a card without a payment', async () => {
	const session = await house.stripe.checkout.sessions.create({
		mode: 'setup',
		currency: 'usd',
		customer,
		success_url: SUCCESS,
		cancel_url: CANCEL
	});
	expect(session).toMatchObject({ mode: 'setup', payment_status: 'no_payment_required' });
	expect((await post(session.url, { ...GOOD_CARD, number: '4000000000000002' })).status).toBe(402);
	expect((await post(session.url, { ...GOOD_CARD, number: '5555555555554444' })).status).toBe(303);
	const event = await completed(session.id);
	const setup = await house.stripe.setupIntents.retrieve(String(event.setup_intent), {
		expand: ['payment_method']
	});
	expect(setup).toMatchObject({
		status: 'succeeded',
		payment_method: { customer, card: { last4: '4444' } }
	});
	expect(house.receiver.types()).toContain('setup_intent.setup_failed');
});

test('the control API pays and lists; the demo page has its buttons', async () => {
	const session = await open();
	const path = `/stripe/sessions/${session.id}/pay`;
	expect((await house.ask('POST', path, { card: 'pm_card_visa_chargeDeclined' })).status).toBe(402);
	expect((await house.ask('POST', path)).status).toBe(200);
	const { body } = await house.ask('GET', '/payments?limit=2');
	expect(body).toMatchObject({
		payments: [{ amount: '$50.00', customer, status: 'succeeded' }, {}]
	});
	expect(Object(body).payments[0].actions.map((one: { label: string }) => one.label)).toEqual([
		'Refund',
		'Dispute'
	]);
});

test.each([
	[{ line_items: [] }, 'line_items'],
	[{ success_url: 'nowhere' }, 'success_url'],
	[{ customer: 'cus_0' }, 'customer'],
	[{ expires_at: 1 }, 'expires_at'],
	[{ payment_method_types: ['card'] }, 'payment_method_types']
])('create with %j is 400 and names %s', async (change, param) => {
	await expect(open(change)).rejects.toMatchObject({ statusCode: 400, param });
});
