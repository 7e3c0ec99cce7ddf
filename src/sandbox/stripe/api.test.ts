import { afterEach, beforeEach, expect, test } from 'vitest';
import type Stripe from 'stripe';
import { openStripeHouse, stripeFor, type StripeHouse } from './test-support';

let house: StripeHouse;
beforeEach(async () => void (house = await openStripeHouse()));
afterEach(() => house.close());

const CARD = { amount: 2_000, currency: 'usd', payment_method: 'pm_card_visa' };

function pay(
	idempotencyKey?: string,
	more: object = {},
	stripe = house.stripe
): ReturnType<Stripe['paymentIntents']['create']> {
	return stripe.paymentIntents.create(
		{ ...CARD, confirm: true, off_session: true, ...more },
		idempotencyKey === undefined ? {} : { idempotencyKey }
	);
}

async function countIntents(): Promise<number> {
	return (await house.stripe.paymentIntents.list({ limit: 100 })).data.length;
}

test('the same key and parameters: the same answer, one payment', async () => {
	const first = await pay('topup:1');
	const second = await pay('topup:1');
	expect(second.id).toBe(first.id);
	expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
	expect(await countIntents()).toBe(1);
	expect((await pay('topup:2')).id).not.toBe(first.id);
});

test('the same key with other parameters: idempotency_error, 400', async () => {
	await pay('topup:1');
	await expect(pay('topup:1', { amount: 2_001 })).rejects.toMatchObject({
		type: 'StripeIdempotencyError',
		statusCode: 400
	});
});

test('a decline is kept under its key; a validation error is not', async () => {
	const declined = { payment_method: 'pm_card_visa_chargeDeclined' };
	const errors = await Promise.all(
		[1, 2].map(() => pay('topup:1', declined).catch((error: unknown) => Object(error)))
	);
	expect(errors.map((error) => error.code)).toEqual(['card_declined', 'card_declined']);
	expect(errors[0].payment_intent.id).toBe(errors[1].payment_intent.id);
	await expect(pay('topup:2', { amount: 1 })).rejects.toMatchObject({ code: 'amount_too_small' });
	expect((await pay('topup:2')).status).toBe('succeeded');
});

test('a key is forgotten after a day', async () => {
	const first = await pay('topup:1');
	await house.ask('POST', '/advance', { seconds: 86_401 });
	expect((await pay('topup:1')).id).not.toBe(first.id);
});

test('a second request while the first is under way: 409, which the SDK tries again', async () => {
	await house.ask('POST', '/faults', { provider: 'stripe', apiLatencySeconds: 0.3, next: 1 });
	const impatient = stripeFor(house.sandbox.url, undefined, { maxNetworkRetries: 0 });
	const slow = pay('topup:1');
	await new Promise((resolve) => setTimeout(resolve, 100));
	const options = { idempotencyKey: 'topup:1' };
	const same = { ...CARD, confirm: true, off_session: true };
	await expect(impatient.paymentIntents.create(same, options)).rejects.toMatchObject({
		statusCode: 409,
		code: 'idempotency_key_in_use'
	});
	const [first, patient] = await Promise.all([slow, pay('topup:1')]);
	expect(patient.id).toBe(first.id);
});

test('an answer that is lost after the work: the retry of the SDK gets it, one payment', async () => {
	await house.ask('POST', '/faults', {
		apiAmbiguous: true,
		apiPath: '/v1/payment_intents',
		next: 1
	});
	const intent = await pay('topup:1');
	expect(intent.status).toBe('succeeded');
	expect(await countIntents()).toBe(1);
});

test('a 500 after the work is kept under the key, and the payment exists', async () => {
	await house.ask('POST', '/faults', {
		provider: 'stripe',
		apiStatus: 500,
		apiAmbiguous: true,
		next: 1
	});
	const once = stripeFor(house.sandbox.url, undefined, { maxNetworkRetries: 0 });
	for (const _ of [1, 2]) {
		await expect(pay('topup:1', {}, once)).rejects.toMatchObject({
			type: 'StripeAPIError',
			statusCode: 500
		});
	}
	expect(await countIntents()).toBe(1);
});

test('faults of the API: 500, 429, reset, hang, trickle; other providers and pages are spared', async () => {
	const impatient = stripeFor(house.sandbox.url, undefined, { maxNetworkRetries: 0, timeout: 200 });
	const spoil = (fault: object): Promise<unknown> =>
		house.ask('POST', '/faults', { provider: 'stripe', next: 1, ...fault });
	await spoil({ apiStatus: 500 });
	await expect(impatient.customers.list()).rejects.toMatchObject({ statusCode: 500 });
	await spoil({ apiStatus: 429 });
	await expect(impatient.customers.list()).rejects.toMatchObject({ type: 'StripeRateLimitError' });
	await spoil({ apiHang: true });
	await expect(impatient.customers.list()).rejects.toMatchObject({ type: 'StripeConnectionError' });
	await spoil({ apiTrickleSeconds: 0.3 });
	expect((await impatient.customers.list()).data).toEqual([]);
	await house.ask('POST', '/faults', { provider: 'stripe', next: 2, apiReset: true });
	await expect(impatient.customers.list()).rejects.toMatchObject({ type: 'StripeConnectionError' });
	expect((await impatient.customers.list()).data).toEqual([]);
	await house.ask('POST', '/faults', { provider: 'twilio', apiStatus: 500 });
	await house.ask('POST', '/faults', { provider: 'stripe', apiStatus: 500, apiPath: '/refunds' });
	expect((await impatient.customers.list()).data).toEqual([]);
	await expect(impatient.refunds.list()).rejects.toMatchObject({ statusCode: 500 });
	expect((await fetch(`${house.sandbox.url}/c/done`)).status).toBe(200);
});

test('a wrong key is 401; an unknown path, id or parameter is told by name', async () => {
	await expect(
		stripeFor(house.sandbox.url, 'sk_test_wrong').customers.list()
	).rejects.toMatchObject({
		type: 'StripeAuthenticationError',
		statusCode: 401
	});
	await expect(house.stripe.paymentIntents.retrieve('pi_0')).rejects.toMatchObject({
		statusCode: 404,
		code: 'resource_missing',
		param: 'id'
	});
	await expect(pay(undefined, { bogus: 1 })).rejects.toMatchObject({
		statusCode: 400,
		code: 'parameter_unknown',
		param: 'bogus'
	});
	await expect(
		house.stripe.paymentIntents.create({ currency: 'usd' } as Stripe.PaymentIntentCreateParams)
	).rejects.toMatchObject({ code: 'parameter_missing', param: 'amount' });
	const response = await fetch(`${house.sandbox.url}/v1/customers/x/unknown`, {
		headers: { authorization: 'Bearer sk_test_for_the_tests_of_the_sandbox' }
	});
	expect(response.status).toBe(404);
	expect(response.headers.get('request-id')).toMatch(/^req_/);
});

test('lists page with starting_after; the SDK walks them all', async () => {
	for (let count = 0; count < 7; count++) {
		await house.stripe.customers.create({ email: `${count}@asha.example` });
	}
	const first = await house.stripe.customers.list({ limit: 3 });
	expect([first.data.length, first.has_more]).toEqual([3, true]);
	const seen: (string | null)[] = [];
	for await (const { email } of house.stripe.customers.list({ limit: 3 })) seen.push(email);
	expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((count) => `${count}@asha.example`));
	const before = await house.stripe.customers.list({ ending_before: first.data[2]?.id });
	expect(before.data.map(({ email }) => email)).toEqual(['6@asha.example', '5@asha.example']);
	const one = await house.stripe.customers.list({ email: '4@asha.example' });
	expect(one.data).toHaveLength(1);
});
