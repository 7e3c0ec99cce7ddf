/** Refunds and disputes: what went back leaves the wallet, or becomes debt, to the cent (LESSONS.md 2.8). */
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '$lib/server/context';
import { refundPayment } from '$lib/server/payments/refund-payment';
import { setDisputeFreeze } from '$lib/server/payments/set-dispute-freeze';
import { listTransactions } from '$lib/server/wallet/list-transactions';
import { placeCommand, type Tenant } from '../support/house';
import { StripeHouse, type StripeEvent } from '../support/house-stripe';

let stripe: StripeHouse;
let admin: Person;

beforeAll(async () => {
	stripe = await StripeHouse.open();
	admin = await stripe.house.createPerson('super_admin');
});
afterEach(async () => {
	await stripe.noFaults();
	await stripe.house.expectBooksToBalance();
});
afterAll(() => stripe.close());

interface Paid extends Tenant {
	paymentId: string;
	intent: string;
}

async function createPaid(dollars = '50'): Promise<Paid> {
	const payer = await stripe.createPayer(dollars);
	const [payment] = await stripe.payments(payer.id);
	return { ...payer, paymentId: payer.attemptId, intent: String(payment?.intent) };
}

function refund({ paymentId }: Paid, amount?: string, requestId = uuid()) {
	const input = { requestId, paymentId, amount, reason: 'asked for by the customer' };
	return refundPayment({ ctx: stripe.house.as(admin), input });
}

/** The bank takes it all, or some cents of it. */
async function dispute({ intent }: Paid, more: object = {}): Promise<string> {
	const { id } = await stripe.ask('POST', '/stripe/disputes', { payment_intent: intent, ...more });
	return String(id);
}

/** Delivers everything that was told of the payment, then lets the worker look. */
async function tellAll(
	paid: Paid,
	shuffle: (events: StripeEvent[]) => StripeEvent[] = (all) => all
) {
	for (const event of shuffle(await stripe.eventsOf(paid.intent))) await stripe.deliver(event);
	await stripe.tend();
}

const SHUFFLES: [string, (events: StripeEvent[]) => StripeEvent[]][] = [
	['in order', (events) => events],
	['in reverse', (events) => events.toReversed()],
	['twice', (events) => [...events, ...events]],
	['only the last', (events) => events.slice(-1)]
];

describe('refunds and disputes', () => {
	it.each(SHUFFLES)(
		'given a refund of 30 %%, a dispute that is won and a refund of the rest, when events come %s, then each step is exact',
		async (_name, shuffle) => {
			const paid = await createPaid();
			const wallet = () => stripe.house.wallet(paid.id);
			await stripe.ask('POST', '/stripe/refunds', { payment_intent: paid.intent, amount: 1_500 });
			await tellAll(paid, shuffle);
			expect(await wallet()).toMatchObject({ balance: '35', debt: '0' });
			const id = await dispute(paid);
			await tellAll(paid, shuffle);
			expect(await wallet()).toMatchObject({ balance: '0', debt: '0' });
			await stripe.ask('POST', `/stripe/disputes/${id}/win`);
			await tellAll(paid, shuffle);
			expect(await wallet()).toMatchObject({ balance: '35', debt: '0' });
			await stripe.ask('POST', '/stripe/refunds', { payment_intent: paid.intent });
			await tellAll(paid, shuffle);
			expect(await wallet()).toMatchObject({ balance: '0', debt: '0' });
			expect(await stripe.payments(paid.id)).toMatchObject([{ refunded: '50', disputed: '0' }]);
		}
	);

	it('given half of it spent, when it is disputed and lost, then the rest is debt and the next payment pays it first', async () => {
		const paid = await createPaid('20');
		const id = await dispute(paid);
		await tellAll(paid);
		expect(await stripe.house.wallet(paid.id)).toMatchObject({ balance: '0', debt: '30' });
		await stripe.ask('POST', `/stripe/disputes/${id}/lose`);
		await tellAll(paid);
		expect(await stripe.house.wallet(paid.id)).toMatchObject({ balance: '0', debt: '30' });
		await stripe.house.pay(paid.id, '50');
		expect(await stripe.house.wallet(paid.id)).toMatchObject({ balance: '20', debt: '0' });
	});

	it('given half of it spent, when the dispute is won, then the debt is gone and the balance as before', async () => {
		const paid = await createPaid('20');
		const id = await dispute(paid);
		await tellAll(paid);
		await stripe.ask('POST', `/stripe/disputes/${id}/win`);
		await tellAll(paid);
		expect(await stripe.house.wallet(paid.id)).toMatchObject({ balance: '20', debt: '0' });
	});

	it('given dollars held by a ringing call, when all of it is refunded, then the call keeps them and they are owed', async () => {
		const paid = await createPaid();
		await stripe.house.services.lane.submit(placeCommand(paid.id));
		await refund(paid);
		expect(await stripe.house.wallet(paid.id)).toMatchObject({
			balance: '0.3',
			held: '0.3',
			debt: '0.3'
		});
	});

	it('given an inquiry, when it is opened, then nothing moves', async () => {
		const paid = await createPaid();
		await dispute(paid, { kind: 'inquiry' });
		await tellAll(paid);
		expect(await stripe.house.wallet(paid.id)).toMatchObject({ balance: '50', debt: '0' });
	});

	it('given a refund that the bank sends back, when it fails, then the money is there again', async () => {
		const paid = await createPaid();
		const { id } = await stripe.ask('POST', '/stripe/refunds', {
			payment_intent: paid.intent,
			amount: 2_000
		});
		await tellAll(paid);
		expect(await stripe.house.wallet(paid.id)).toMatchObject({ balance: '30' });
		await stripe.ask('POST', `/stripe/refunds/${String(id)}/fail`);
		await tellAll(paid, (events) => events.toReversed());
		expect(await stripe.house.wallet(paid.id)).toMatchObject({ balance: '50' });
	});

	it('given a refund that is told before the payment, when the payment comes, then both are booked', async () => {
		const tenant = await stripe.house.createTenant();
		const topUp = await stripe.startTopUp(tenant);
		const session = await stripe.pay(topUp.sessionId);
		const intent = String(session.payment_intent);
		await stripe.ask('POST', '/stripe/refunds', { payment_intent: intent, amount: 1_000 });
		const paid = { ...tenant, intent, paymentId: topUp.attemptId };
		await tellAll(paid, (events) => events.toReversed());
		expect(await stripe.house.wallet(tenant.id)).toMatchObject({ balance: '40' });
	});

	it('given Stripe away, when money went back, then it is asked again later', async () => {
		const paid = await createPaid();
		await stripe.ask('POST', '/stripe/refunds', { payment_intent: paid.intent });
		await stripe.faults({ apiStatus: 500 });
		await tellAll(paid);
		expect(await stripe.house.wallet(paid.id)).toMatchObject({ balance: '50' });
		await stripe.noFaults();
		stripe.house.clock.advanceSeconds(31);
		await stripe.tend();
		expect(await stripe.house.wallet(paid.id)).toMatchObject({ balance: '0' });
	});
});

describe('a refund from the console', () => {
	it('given a payment, when it is refunded in parts with a reason, then wallet, payment and audit say so', async () => {
		const paid = await createPaid();
		const requestId = uuid();
		expect(await refund(paid, '12.50', requestId)).toMatchObject({ refundedAmount: '12.50' });
		expect(await refund(paid, '12.50', requestId)).toMatchObject({ refundedAmount: '12.50' });
		await expect(refund(paid, '37.51')).rejects.toMatchObject({ code: 'invalid' });
		expect(await refund(paid)).toMatchObject({ refundedAmount: '50.00' });
		await expect(refund(paid)).rejects.toMatchObject({ code: 'invalid' });
		await tellAll(paid);
		expect(await stripe.house.wallet(paid.id)).toMatchObject({ balance: '0', debt: '0' });
		const [entry] = await stripe.house.sql`
			select after, actor_user_id from audit_log where organization_id = ${paid.id} and action = 'payment.refund'
			order by id`;
		expect(entry).toMatchObject({
			actor_user_id: admin.userId,
			after: { reason: 'asked for by the customer', amount: '12.50' }
		});
		const ctx = stripe.house.as(paid.agent);
		const page = await listTransactions({ ctx, input: { type: 'refund' } });
		expect(page.rows.map((row) => row.amount)).toEqual(['-37.500000', '-12.500000']);
		expect(page.breakdown).toEqual({ call: '0.000000', topup: '50.000000', refund: '50.000000' });
	});

	it('given a payment that was not paid, when it is refunded, then it is refused', async () => {
		const tenant = await stripe.house.createTenant();
		const { attemptId } = await stripe.startTopUp(tenant);
		const input = { requestId: uuid(), paymentId: attemptId, reason: 'for a test' };
		const refused = refundPayment({ ctx: stripe.house.as(admin), input });
		await expect(refused).rejects.toMatchObject({ code: 'conflict' });
	});
});

describe('freezing by choice', () => {
	it.each([true, false])(
		'given the choice %s, when a dispute is opened, then new calls are off or go on',
		async (freezesOnDispute) => {
			const paid = await createPaid();
			const input = { organizationId: paid.id, freezesOnDispute };
			await setDisputeFreeze({ ctx: stripe.house.as(admin), input });
			await dispute(paid, { amount: 1_000 });
			await tellAll(paid);
			const result = await stripe.house.services.lane.submit(placeCommand(paid.id));
			expect(result.kind).toBe(freezesOnDispute ? 'blocked' : 'placed');
			if (result.kind === 'blocked') expect(result.block.code).toBe('organization_inactive');
		}
	);
});
