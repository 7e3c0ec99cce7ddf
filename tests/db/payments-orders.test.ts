/** Checkout: one payment, one credit, whatever tells of it, in any order and number (PROVIDERS.md 4.3). */
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '$lib/server/context';
import type { Services } from '$lib/server/services';
import { finishTopUp } from '$lib/server/wallet/finish-top-up';
import type { Tenant } from '../support/house';
import { inTurn, openProcesses } from '../support/house-lanes';
import { StripeHouse, type TopUp } from '../support/house-stripe';

let stripe: StripeHouse;
let processes: Services[];
let admin: Person;

beforeAll(async () => {
	stripe = await StripeHouse.open();
	processes = await openProcesses(stripe.house, 2, 4);
	admin = await stripe.house.createPerson('super_admin');
});
afterEach(async () => {
	await stripe.noFaults();
	await stripe.tend();
	await stripe.house.expectBooksToBalance();
});
afterAll(() => stripe.close());

type Teller = 'session' | 'intent' | 'return';

async function tell(teller: Teller, tenant: Tenant, topUp: TopUp, services?: Services) {
	if (teller === 'return') {
		const ctx = stripe.house.as(tenant.manager, services);
		return (await finishTopUp({ ctx, input: { sessionId: topUp.sessionId } })).notice;
	}
	const type = teller === 'session' ? 'checkout.session.completed' : 'payment_intent.succeeded';
	const answer = await stripe.deliver(await stripe.eventOf(topUp.attemptId, type), services);
	expect(answer.status).toBe(200);
	return answer.body;
}

async function paid(tenant: Tenant, amount: 50 | 100 = 50): Promise<TopUp> {
	const topUp = await stripe.startTopUp(tenant, amount);
	await stripe.pay(topUp.sessionId);
	return topUp;
}

const credits = (id: number) => stripe.house.sql`
	select trim_scale(amount)::text as amount, type from balance_transactions
	where organization_id = ${id} and metadata->>'kind' = 'topup'`;

const ORDERS: Teller[][] = [
	['session'],
	['intent'],
	['return'],
	['session', 'intent', 'return'],
	['session', 'return', 'intent'],
	['intent', 'session', 'return'],
	['intent', 'return', 'session'],
	['return', 'session', 'intent'],
	['return', 'intent', 'session'],
	['session', 'session', 'intent', 'intent', 'return', 'return']
];

describe('a payment that succeeded', () => {
	it.each(ORDERS.map((order) => [order.join(', '), order] as const))(
		'given it, when it is told by %s, then it is credited once',
		async (_name, order) => {
			const tenant = await stripe.house.createTenant();
			const topUp = await paid(tenant);
			for (const teller of order) await tell(teller, tenant, topUp);
			expect(await credits(tenant.id)).toEqual([{ amount: '50', type: 'credit' }]);
			expect(await stripe.house.wallet(tenant.id)).toMatchObject({ balance: '50' });
			const [payment] = await stripe.payments(tenant.id);
			expect(payment).toMatchObject({ state: 'succeeded', amount: '50' });
		}
	);

	it('given two processes, when all three tell it at the same moment many times, then it is credited once', async () => {
		const tenant = await stripe.house.createTenant();
		const topUp = await paid(tenant, 100);
		const tellers: Teller[] = ['session', 'intent', 'return'];
		await Promise.all(
			Array.from({ length: 24 }, (_, index) =>
				tell(inTurn(tellers, index), tenant, topUp, inTurn(processes, index))
			)
		);
		expect(await credits(tenant.id)).toEqual([{ amount: '100', type: 'credit' }]);
	});

	it('given one fact under two event ids, when both come, then it is credited once', async () => {
		const tenant = await stripe.house.createTenant();
		const topUp = await stripe.startTopUp(tenant);
		await stripe.faults({ twoEventIds: true });
		await stripe.pay(topUp.sessionId);
		const events = await stripe.eventsOf(topUp.attemptId, 'payment_intent.succeeded');
		expect(new Set(events.map(({ id }) => id)).size).toBe(2);
		for (const event of events) expect((await stripe.deliver(event)).body).toBe('applied');
		expect(await credits(tenant.id)).toHaveLength(1);
	});

	it('given it, when the worker has looked, then the receipt and the card are kept', async () => {
		const payer = await stripe.createPayer('50');
		const [payment] = await stripe.payments(payer.id);
		expect(payment?.receipt_url).toMatch(/receipts/);
		const [card] = await stripe.house
			.sql`select * from stripe_customers where organization_id = ${payer.id}`;
		expect(card).toMatchObject({ card_brand: 'visa', card_last4: '4242', is_stale: false });
	});
});

describe('an attempt', () => {
	it('given one, when it is started again, also at once, then it is the same page and one order', async () => {
		const tenant = await stripe.house.createTenant();
		const attemptId = uuid();
		const started = await Promise.all(
			Array.from({ length: 4 }, () => stripe.startTopUp(tenant, 50, attemptId))
		);
		expect(new Set(started.map(({ url }) => url)).size).toBe(1);
		expect(await stripe.payments(tenant.id)).toHaveLength(1);
	});

	it('given one, when its id is used for another amount or by another organisation, then it is refused', async () => {
		const [mine, theirs] = [await stripe.house.createTenant(), await stripe.house.createTenant()];
		const { attemptId } = await stripe.startTopUp(mine, 50);
		await expect(stripe.startTopUp(mine, 100, attemptId)).rejects.toMatchObject({
			code: 'conflict'
		});
		await expect(stripe.startTopUp(theirs, 50, attemptId)).rejects.toMatchObject({
			code: 'conflict'
		});
	});

	it('given Stripe away, when it is started, then it is said and the same attempt works later', async () => {
		const tenant = await stripe.house.createTenant();
		const attemptId = uuid();
		await stripe.faults({ apiStatus: 503 });
		await expect(stripe.startTopUp(tenant, 50, attemptId)).rejects.toMatchObject({
			code: 'provider_failed'
		});
		await stripe.noFaults();
		const { sessionId } = await stripe.startTopUp(tenant, 50, uuid());
		expect(sessionId).toMatch(/^cs_test_/);
	});

	it('given a page nobody pays, when it expires, then the order is released and a later one is open', async () => {
		const tenant = await stripe.house.createTenant();
		const topUp = await stripe.startTopUp(tenant);
		await stripe.ask('POST', `/stripe/sessions/${topUp.sessionId}/expire`);
		await stripe.deliverAll(topUp.attemptId);
		expect(await stripe.payments(tenant.id)).toMatchObject([{ state: 'expired' }]);
		await expect(stripe.startTopUp(tenant, 50, topUp.attemptId)).rejects.toMatchObject({
			code: 'conflict'
		});
		expect(await tell('return', tenant, topUp)).toBe('expired');
		expect((await paid(tenant)).attemptId).not.toBe(topUp.attemptId);
	});

	it('given a session of another organisation, when its return page is opened, then there is none', async () => {
		const [mine, theirs] = [await stripe.house.createTenant(), await stripe.house.createTenant()];
		const topUp = await paid(theirs);
		await expect(tell('return', mine, topUp)).rejects.toMatchObject({ code: 'not_found' });
		expect(await credits(theirs.id)).toEqual([]);
	});

	it('given a declined card, when the payer takes another on the same page, then it is credited once', async () => {
		const tenant = await stripe.house.createTenant();
		const topUp = await stripe.startTopUp(tenant);
		await stripe.pay(topUp.sessionId, { card: 'pm_card_visa_chargeDeclinedInsufficientFunds' });
		await stripe.deliverAll(topUp.attemptId);
		expect(await stripe.payments(tenant.id)).toMatchObject([
			{ state: 'failed', failure_code: 'insufficient_funds' }
		]);
		await stripe.pay(topUp.sessionId);
		await stripe.deliverAll(topUp.attemptId);
		expect(await credits(tenant.id)).toHaveLength(1);
	});
});

describe('a bank debit', () => {
	it.each([true, false])(
		'given one under way, when it ends with success %s, then it is credited once or never',
		async (succeeds) => {
			const tenant = await stripe.house.createTenant();
			const topUp = await stripe.startTopUp(tenant);
			const session = await stripe.pay(topUp.sessionId, { bank: true });
			await stripe.deliverAll(topUp.attemptId);
			expect(await tell('return', tenant, topUp)).toBe('pending');
			expect(await credits(tenant.id)).toEqual([]);
			const intent = String(session.payment_intent);
			await stripe.ask('POST', `/stripe/payment_intents/${intent}/settle`, { succeeds });
			await stripe.deliverAll(topUp.attemptId);
			await stripe.deliverAll(topUp.attemptId);
			expect(await credits(tenant.id)).toHaveLength(succeeds ? 1 : 0);
			const state = succeeds ? 'succeeded' : 'failed';
			expect(await stripe.payments(tenant.id)).toMatchObject([{ state }]);
		}
	);
});

describe('what was not ordered', () => {
	const CHANGES: [string, Record<string, unknown>, RegExp][] = [
		['another amount', { amount_received: 4_999 }, /^Paid 49990000/],
		['another currency', { currency: 'inr' }, /^Paid in inr/],
		['live money', { livemode: true }, /^Paid live/],
		['another customer', { customer: 'cus_another' }, /^Paid by customer cus_another/]
	];
	it.each(CHANGES)(
		'given %s, when Stripe tells it, then nothing is credited and the order says why',
		async (_name, change, reason) => {
			const tenant = await stripe.house.createTenant();
			const topUp = await paid(tenant);
			const event = await stripe.eventOf(topUp.attemptId, 'payment_intent.succeeded');
			const changed = { ...event, data: { object: { ...event.data.object, ...change } } };
			expect(await stripe.deliver(changed)).toEqual({ status: 200, body: 'failed' });
			expect(await credits(tenant.id)).toEqual([]);
			expect(await stripe.payments(tenant.id)).toMatchObject([{ state: 'mismatch' }]);
			const [kept] = await stripe.house.sql`
				select state, note, organization_id from deliveries where dedupe_key = ${event.id}`;
			expect(kept).toMatchObject({ state: 'failed', organization_id: tenant.id });
			expect(kept?.note).toMatch(reason);
			await stripe.deliver({ ...changed, id: `${event.id}_again` });
			expect(await stripe.mails(tenant.id)).toEqual([
				{
					subject: expect.stringContaining('is not what was ordered'),
					text: expect.stringMatching(new RegExp(reason.source.replace('^', ''))),
					to: admin.email
				}
			]);
		}
	);

	it('given a paid order, when a second intent is paid for it, then it is told and not credited', async () => {
		const tenant = await stripe.house.createTenant();
		const topUp = await paid(tenant);
		await tell('intent', tenant, topUp);
		const event = await stripe.eventOf(topUp.attemptId, 'payment_intent.succeeded');
		const second = { ...event.data.object, id: 'pi_second' };
		const answer = await stripe.deliver({ ...event, id: 'evt_second', data: { object: second } });
		expect(answer.body).toBe('failed');
		expect(await credits(tenant.id)).toHaveLength(1);
		expect(await stripe.payments(tenant.id)).toMatchObject([{ state: 'succeeded' }]);
		expect(await stripe.mails(tenant.id)).toMatchObject([
			{ text: expect.stringContaining('Paid a second time by pi_second.'), to: admin.email }
		]);
	});
});
