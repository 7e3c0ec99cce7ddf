import { afterEach, beforeEach, expect, test } from 'vitest';
import type Stripe from 'stripe';
import { openStripeHouse, type StripeHouse } from './test-support';

let house: StripeHouse;
beforeEach(async () => void (house = await openStripeHouse()));
afterEach(() => house.close());

function pay(): ReturnType<Stripe['paymentIntents']['create']> {
	return house.stripe.paymentIntents.create(
		{
			amount: 2_000,
			currency: 'usd',
			payment_method: 'pm_card_visa',
			confirm: true,
			off_session: true
		},
		{ idempotencyKey: 'topup:1' }
	);
}

const PAID = ['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded'];

test('events are signed, name their request, and are accepted by the SDK', async () => {
	const intent = await pay();
	const [event] = await house.receiver.waitFor('payment_intent.succeeded');
	expect(house.receiver.types()).toEqual(PAID);
	expect(house.receiver.refused).toEqual([]);
	expect(event).toMatchObject({
		api_version: '2026-10-28.endive',
		pending_webhooks: 1,
		request: { id: intent.lastResponse.requestId, idempotency_key: 'topup:1' }
	});
});

test('reorder, duplicate and a second event id for one fact', async () => {
	await house.ask('POST', '/faults', { provider: 'stripe', reorder: true, duplicate: 1, next: 1 });
	await pay();
	await house.receiver.waitFor('payment_intent.created', 2);
	expect(house.receiver.types()).toEqual(PAID.toReversed().flatMap((type) => [type, type]));
	const copies = house.receiver.events.filter(({ type }) => type === 'charge.succeeded');
	expect(copies[0]?.id).toBe(copies[1]?.id);
	await house.ask('POST', '/faults', { provider: 'stripe', twoEventIds: true, next: 1 });
	await house.stripe.customers.create();
	const twice = await house.receiver.waitFor('customer.created', 2);
	expect(twice[0]?.id).not.toBe(twice[1]?.id);
	expect(twice[0]?.data.object.id).toBe(twice[1]?.data.object.id);
});

test('a plan about calls leaves the events alone', async () => {
	await house.ask('POST', '/faults', { dropAll: true });
	await pay();
	await house.receiver.waitFor('payment_intent.succeeded');
});

test('delaySeconds holds events back in simulated time', async () => {
	await house.ask('POST', '/speed', { speed: 1 });
	await house.ask('POST', '/faults', { provider: 'stripe', delaySeconds: 3_600, next: 1 });
	await pay();
	await house.stripe.customers.create();
	await house.receiver.waitFor('customer.created');
	expect(house.receiver.types()).toEqual(['customer.created']);
	await house.ask('POST', '/advance', { seconds: 3_601 });
	await house.receiver.waitFor('payment_intent.succeeded');
});

test('a refused event is tried three more times within hours, signed anew', async () => {
	house.receiver.answers.push(500, 500, 500, 200);
	await house.ask('POST', '/speed', { speed: 1 });
	await house.stripe.customers.create();
	for (const [count, seconds] of [600, 3_600, 7_200].entries()) {
		await house.receiver.waitFor('customer.created', count + 1);
		await expect
			.poll(() => house.sandbox.control.context.callbacks.counters.attempts)
			.toBe(count + 1);
		await expect.poll(() => house.sandbox.control.context.clock.waitingSteps).toBe(1);
		await house.ask('POST', '/advance', { seconds });
	}
	const all = await house.receiver.waitFor('customer.created', 4);
	expect(new Set(all.map(({ id }) => id)).size).toBe(1);
	expect(house.sandbox.control.context.callbacks.counters).toMatchObject({ retried: 3 });
});

test('dropped events are found by events.list with delivery_success false', async () => {
	const since = Math.floor(Date.now() / 1_000);
	await house.ask('POST', '/faults', { provider: 'stripe', dropAll: true, next: 1 });
	const intent = await pay();
	await house.stripe.customers.create();
	await house.receiver.waitFor('customer.created');
	const missed = await house.stripe.events.list({
		delivery_success: false,
		types: ['payment_intent.succeeded', 'checkout.session.completed'],
		created: { gte: since }
	});
	expect(missed.data.map(({ data }) => Object(data.object).id)).toEqual([intent.id]);
	await expect
		.poll(async () => (await house.stripe.events.list({ delivery_success: true })).data.length)
		.toBe(1);
	const none = await house.stripe.events.list({ created: { gte: since + 3_600 } });
	expect(none.data).toEqual([]);
	const event = await house.stripe.events.retrieve(String(missed.data[0]?.id));
	expect(event.type).toBe('payment_intent.succeeded');
	expect((await house.ask('POST', `/stripe/events/${event.id}/resend`)).status).toBe(200);
	await house.receiver.waitFor('payment_intent.succeeded');
});

test('dropFinal drops the last event of an action', async () => {
	await house.ask('POST', '/faults', { provider: 'stripe', dropFinal: 1, next: 1 });
	await pay();
	await house.stripe.customers.create();
	await house.receiver.waitFor('customer.created');
	expect(house.receiver.types()).toEqual([...PAID.slice(0, 2), 'customer.created']);
});

test('reset forgets everything', async () => {
	await pay();
	await house.ask('POST', '/reset');
	expect((await house.stripe.paymentIntents.list()).data).toEqual([]);
	expect((await house.stripe.events.list()).data).toEqual([]);
});
