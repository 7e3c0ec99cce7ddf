import { afterAll, beforeAll, expect, test } from 'vitest';
import type Stripe from 'stripe';
import disputeEvent from './fixtures/event.charge.dispute.created.json';
import refundedEvent from './fixtures/event.charge.refunded.json';
import { openStripeHouse, type StripeHouse } from './test-support';

let house: StripeHouse;
beforeAll(async () => void (house = await openStripeHouse()));
afterAll(() => house.close());

function pay(card = 'pm_card_visa', amount = 10_000): Promise<Stripe.PaymentIntent> {
	return house.stripe.paymentIntents.create({
		amount,
		currency: 'usd',
		payment_method: card,
		confirm: true,
		return_url: 'http://localhost:1/'
	});
}

/** Events about one payment, oldest first, once one of a type is in. */
async function until(type: string, intent: string, count = 1): Promise<Stripe.Event[]> {
	const all = (): Stripe.Event[] =>
		house.receiver.events.filter(
			({ data }) =>
				Object(data.object).payment_intent === intent || Object(data.object).id === intent
		);
	await expect
		.poll(() => all().filter((event) => event.type === type).length, { timeout: 5_000 })
		.toBeGreaterThanOrEqual(count);
	return all();
}

function only(events: Stripe.Event[], type: string): Stripe.Event[] {
	return events.filter((event) => event.type === type);
}

test('partial refunds: amount_refunded is cumulative and previous_attributes tells the step', async () => {
	const { id } = await pay();
	const refund = await house.stripe.refunds.create({ payment_intent: id, amount: 3_000 });
	expect(refund).toMatchObject({ object: 'refund', amount: 3_000, status: 'succeeded' });
	await house.stripe.refunds.create({ payment_intent: id, amount: 2_000 });
	await house.stripe.refunds.create({ payment_intent: id });
	const refunds = only(await until('charge.refunded', id, 3), 'charge.refunded');
	expect(
		refunds.map(({ data }) => [
			Object(data.object).amount_refunded,
			Object(data.object).refunded,
			Object(data.previous_attributes).amount_refunded
		])
	).toEqual([
		[3_000, false, 0],
		[5_000, false, 3_000],
		[10_000, true, 5_000]
	]);
	const gone = ['refunds', 'invoice', 'order', 'dispute', 'destination'];
	expect(Object.keys(refunds[0]?.data.object ?? {})).toEqual(
		expect.arrayContaining(
			Object.keys(refundedEvent.data.object).filter((key) => !gone.includes(key))
		)
	);
	await expect(house.stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({
		code: 'charge_already_refunded'
	});
	expect((await house.stripe.refunds.list({ payment_intent: id })).data).toHaveLength(3);
});

test('a refund above what is left is refused', async () => {
	const { id } = await pay();
	await house.stripe.refunds.create({ payment_intent: id, amount: 9_000 });
	await expect(
		house.stripe.refunds.create({ payment_intent: id, amount: 1_001 })
	).rejects.toMatchObject({ statusCode: 400, param: 'amount' });
});

test('pm_card_pendingRefund: pending, then refund.updated', async () => {
	const { id } = await pay('pm_card_pendingRefund');
	expect((await house.stripe.refunds.create({ payment_intent: id })).status).toBe('pending');
	const [updated] = only(await until('refund.updated', id), 'refund.updated');
	expect(updated?.data).toMatchObject({
		object: { status: 'succeeded' },
		previous_attributes: { status: 'pending' }
	});
});

test('pm_card_refundFail: succeeded, then refund.failed gives the money back to the account', async () => {
	const { id } = await pay('pm_card_refundFail');
	const refund = await house.stripe.refunds.create({ payment_intent: id, amount: 4_000 });
	expect(refund.status).toBe('succeeded');
	const [failed] = only(await until('refund.failed', id), 'refund.failed');
	expect(failed?.data.object).toMatchObject({
		status: 'failed',
		failure_reason: 'expired_or_canceled_card'
	});
	const intent = await house.stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
	expect(intent.latest_charge).toMatchObject({ amount_refunded: 0, refunded: false });
});

test('a disputed payment: funds go, evidence wins, funds come back, the rest can be refunded', async () => {
	const { id } = await pay();
	await house.stripe.refunds.create({ payment_intent: id, amount: 3_000 });
	const opened = await house.ask('POST', '/stripe/disputes', { payment_intent: id });
	const dispute: Stripe.Dispute = Object(opened.body);
	expect(dispute).toMatchObject({ object: 'dispute', amount: 7_000, status: 'needs_response' });
	await expect(house.stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({
		code: 'charge_disputed'
	});
	const gone = ['balance_transaction'];
	expect(Object.keys(dispute)).toEqual(
		expect.arrayContaining(
			Object.keys(disputeEvent.data.object).filter((key) => !gone.includes(key))
		)
	);
	await house.stripe.disputes.update(dispute.id, {
		evidence: { uncategorized_text: 'winning_evidence' }
	});
	const types = (await until('charge.dispute.closed', id))
		.map(({ type }) => type)
		.filter((type) => type.startsWith('charge.dispute'));
	expect(types).toEqual([
		'charge.dispute.created',
		'charge.dispute.funds_withdrawn',
		'charge.dispute.updated',
		'charge.dispute.funds_reinstated',
		'charge.dispute.closed'
	]);
	const closed = await house.stripe.disputes.retrieve(dispute.id);
	expect(closed.status).toBe('won');
	expect(closed.balance_transactions.map(({ amount }) => amount)).toEqual([-7_000, 7_000]);
	const rest = await house.stripe.refunds.create({ payment_intent: id });
	expect(rest.amount).toBe(7_000);
});

test('pm_card_createDispute opens one; losing evidence, the control API or close lose it', async () => {
	const { id } = await pay('pm_card_createDispute');
	const events = await until('charge.dispute.funds_withdrawn', id);
	const dispute: Stripe.Dispute = Object(only(events, 'charge.dispute.created')[0]?.data.object);
	expect(dispute.reason).toBe('fraudulent');
	await house.stripe.disputes.update(dispute.id, {
		evidence: { uncategorized_text: 'losing_evidence' }
	});
	const [closed] = only(await until('charge.dispute.closed', id), 'charge.dispute.closed');
	expect(closed?.data.object).toMatchObject({ status: 'lost' });
	expect((await house.ask('POST', `/stripe/disputes/${dispute.id}/win`)).status).toBe(400);
	const other = await pay();
	const opened = await house.ask('POST', '/stripe/disputes', { payment_intent: other.id });
	const lost = await house.stripe.disputes.close(Object(opened.body).id);
	expect(lost.status).toBe('lost');
});

test('an inquiry moves no funds', async () => {
	const { id } = await pay('pm_card_createDisputeInquiry');
	const events = await until('charge.dispute.created', id);
	expect(only(events, 'charge.dispute.created')[0]?.data.object).toMatchObject({
		status: 'warning_needs_response',
		balance_transactions: []
	});
	const [dispute] = (await house.stripe.disputes.list({ payment_intent: id })).data;
	await house.ask('POST', `/stripe/disputes/${dispute?.id}/win`);
	const all = await until('charge.dispute.closed', id);
	expect(all.map(({ type }) => type)).not.toContain('charge.dispute.funds_withdrawn');
	expect((await house.stripe.disputes.retrieve(String(dispute?.id))).status).toBe('warning_closed');
});

test('pm_card_createMultipleDisputes: two; pm_card_createIssuerFraudRecord: a warning', async () => {
	const twice = await pay('pm_card_createMultipleDisputes');
	expect(
		only(await until('charge.dispute.created', twice.id, 2), 'charge.dispute.created')
	).toHaveLength(2);
	const warned = await pay('pm_card_createIssuerFraudRecord');
	await until('radar.early_fraud_warning.created', warned.id);
});

test('the dashboard refunds too', async () => {
	const { id } = await pay();
	const { body } = await house.ask('POST', '/stripe/refunds', { payment_intent: id, amount: 100 });
	expect(body).toMatchObject({ object: 'refund', amount: 100 });
	const events = await until('charge.refunded', id);
	expect(only(events, 'charge.refunded')[0]?.request).toEqual({ id: null, idempotency_key: null });
});
