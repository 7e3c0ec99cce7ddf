/** Stripe's webhook: who may speak, what is kept, and what happens to what nobody heard (PROVIDERS.md 4.4). */
import { readdirSync, readFileSync } from 'node:fs';
import { v7 as uuid } from 'uuid';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inPreparedTransaction, writeStatement } from '$lib/server/db/prepared';
import { catchUpWithStripe } from '$lib/server/payments/catch-up';
import { receiveStripeEvent } from '$lib/server/webhooks/receive-stripe-event';
import { House } from '../support/house';
import { OLD_WEBHOOK_SECRET, StripeHouse } from '../support/house-stripe';

let stripe: StripeHouse;

beforeAll(async () => void (stripe = await StripeHouse.open()));
afterEach(async () => {
	await stripe.noFaults();
	await stripe.house.expectBooksToBalance();
});
afterAll(() => stripe.close());

const FIXTURES = 'tests/fixtures/stripe';
const bodies = readdirSync(FIXTURES)
	.filter((name) => name.endsWith('.json'))
	.map((name) => [name, readFileSync(`${FIXTURES}/${name}`, 'utf8')] as const);

/** A payment that Stripe has and nobody told us of. */
async function createUntold() {
	const tenant = await stripe.house.createTenant();
	const topUp = await stripe.startTopUp(tenant);
	await stripe.pay(topUp.sessionId);
	return { ...tenant, ...topUp };
}

const kept = (eventId: string) =>
	stripe.house.sql`select state, note, repeats, body from deliveries where dedupe_key = ${eventId}`;

describe('who may speak', () => {
	const REFUSED: [string, Parameters<StripeHouse['post']>[1]][] = [
		['no signature', { header: null }],
		['an empty signature', { header: '' }],
		['another secret', { secret: 'whsec_another' }],
		['a moment of 301 seconds ago', { atSeconds: -301 }],
		['a moment of 301 seconds ahead', { atSeconds: 302 }]
	];
	it.each(REFUSED)('given %s, then it is 403 and nothing is stored', async (_name, signing) => {
		const { attemptId } = await createUntold();
		const event = await stripe.eventOf(attemptId, 'payment_intent.succeeded');
		const before = await stripe.house.fingerprint();
		const atSeconds = signing?.atSeconds && stripe.nowSeconds() + signing.atSeconds;
		const answer = await stripe.post(JSON.stringify(event), { ...signing, atSeconds });
		expect(answer.status).toBe(403);
		expect(await stripe.house.fingerprint()).toEqual(before);
	});

	it('given the secret that is being rotated out, then it is taken', async () => {
		const { id, attemptId } = await createUntold();
		const event = await stripe.eventOf(attemptId, 'payment_intent.succeeded');
		const signing = { secret: OLD_WEBHOOK_SECRET };
		expect((await stripe.post(JSON.stringify(event), signing)).status).toBe(200);
		expect(await stripe.house.wallet(id)).toMatchObject({ balance: '50' });
	});

	it('given a body that was changed after it was signed, then it is 403', async () => {
		const { attemptId } = await createUntold();
		const event = await stripe.eventOf(attemptId, 'payment_intent.succeeded');
		const payload = JSON.stringify(event);
		const ctx = stripe.job();
		const header = `t=${stripe.nowSeconds()},v1=${'0'.repeat(64)}`;
		const rawBody = Buffer.from(payload.replace('5000', '9000'));
		expect((await receiveStripeEvent(ctx, { rawBody, signature: header })).status).toBe(403);
	});

	it('given a house without Stripe, then it is 403', async () => {
		const house = await House.open({ databaseUrl: stripe.house.databaseUrl });
		const ctx = house.context({ kind: 'anonymous' });
		const answer = await receiveStripeEvent(ctx, { rawBody: Buffer.from('{}'), signature: 't=1' });
		expect(answer.status).toBe(403);
		await house.close();
	});
});

describe('what is kept', () => {
	it.each(bodies)(
		'given the recorded %s, then it is kept with 200 and moves nothing',
		async (_name, body) => {
			const event = { ...JSON.parse(body), id: `evt_${uuid()}` };
			const answer = await stripe.deliver(event);
			expect(answer).toEqual({ status: 200, body: 'ignored' });
			expect(await kept(event.id)).toMatchObject([
				{ state: 'ignored', body: { type: event.type } }
			]);
		}
	);

	it('given an event of a type nobody knows, then it is ignored with 200', async () => {
		const event = { id: `evt_${uuid()}`, object: 'event', type: 'some.new_thing', created: 1 };
		const whole = { ...event, livemode: false, data: { object: {} } };
		expect(await stripe.deliver(whole)).toEqual({ status: 200, body: 'ignored' });
		expect(await stripe.deliver(whole)).toEqual({ status: 200, body: 'duplicate' });
		expect(await kept(event.id)).toMatchObject([{ state: 'ignored', repeats: 1 }]);
	});

	const NONSENSE: [string, string, number][] = [
		['no JSON', 'hello', 400],
		['a list', '[]', 400],
		['null', 'null', 400],
		['no event', '{"object":"charge"}', 400],
		['an event without an id', '{"object":"event","type":"x","data":{"object":{}}}', 400],
		['a thin event', '{"object":"v2.core.event","id":"evt_1"}', 400]
	];
	it.each(NONSENSE)(
		'given %s, signed, then it is %3$i and never a fault',
		async (_name, body, status) => {
			expect((await stripe.post(body)).status).toBe(status);
		}
	);

	it('given a known event whose object is nonsense, with a NUL in it, then it is kept as failed with the reason', async () => {
		const base = { object: 'event', type: 'payment_intent.succeeded', created: 1, livemode: false };
		const objects = [
			{},
			{ id: 7 },
			{ id: 'pi_\0', amount: -1, status: [] },
			{ id: 'x'.repeat(300) }
		];
		for (const object of objects) {
			const event = { ...base, id: `evt_${uuid()}`, data: { object } };
			expect(await stripe.deliver(event)).toEqual({ status: 200, body: 'failed' });
			const [row] = await kept(event.id);
			expect(row?.note).toMatch(/^\w+: /);
		}
	});

	it('given an event that names an order that is not here, then it waits unmatched', async () => {
		const { attemptId } = await createUntold();
		const event = await stripe.eventOf(attemptId, 'payment_intent.succeeded');
		const text = JSON.stringify(event).replaceAll(attemptId, uuid());
		expect((await stripe.post(text)).body).toBe('unmatched');
	});
});

describe('what nobody heard', () => {
	it('given events that never came, when the job asks Stripe, then all are applied, once', async () => {
		const { id } = await createUntold();
		const first = await catchUpWithStripe({ ctx: stripe.job() });
		expect(first.applied).toBeGreaterThan(0);
		expect(await stripe.house.wallet(id)).toMatchObject({ balance: '50' });
		expect(await catchUpWithStripe({ ctx: stripe.job() })).toMatchObject({ applied: 0 });
		expect(await stripe.house.wallet(id)).toMatchObject({ balance: '50' });
	});

	it('given a process that died after it kept an event, when the worker looks, then it is applied', async () => {
		const { id, attemptId } = await createUntold();
		const event = await stripe.eventOf(attemptId, 'payment_intent.succeeded');
		await stripe.deliver({ ...event, type: 'some.new_thing' });
		await stripe.house.sql`
			update deliveries set state = 'waiting', body = ${JSON.stringify(event)}::text::jsonb,
				retry_at = to_timestamp(${stripe.house.clock.read() / 1000})
			where dedupe_key = ${event.id}`;
		await stripe.tend();
		expect(await stripe.house.wallet(id)).toMatchObject({ balance: '50' });
		expect(await kept(event.id)).toMatchObject([{ state: 'applied' }]);
	});
});

describe('transactions', () => {
	const MADE = 'A foreign call was made inside a database transaction.';

	it('given an open transaction of any kind, when Stripe is asked in it, then it throws', async () => {
		const { database, stripe: gateway } = stripe.house.services;
		const ask = () => gateway?.findCard('cus_none');
		const made = expect.objectContaining({ detail: expect.objectContaining({ message: MADE }) });
		await expect(database.db.transaction(async () => ask())).rejects.toEqual(made);
		await expect(database.sql.begin(async () => ask())).rejects.toEqual(made);
		await expect(database.sql.begin('read only', async () => ask())).rejects.toEqual(made);
		await expect(inPreparedTransaction(database.sql, async () => ask())).rejects.toEqual(made);
		await expect(
			inPreparedTransaction(database.sql, async (tx) => {
				await tx.run(writeStatement(sql`select 1`), {});
				return ask();
			})
		).rejects.toEqual(made);
	});

	it('given none, or one that has ended, when Stripe is asked, then it answers', async () => {
		const { database, stripe: gateway } = stripe.house.services;
		await database.db.transaction(async (tx) => tx.execute(sql`select 1`));
		await expect(gateway?.findCard('cus_none')).rejects.toThrow(/No such customer/);
	});
});
