import { formatMicros, parseMicros } from '$lib/domain/money';
import type { RefundPaymentInput } from '$lib/inputs';
import type { PaymentView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { actorOf, requirePermission, requireRecentProof } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { askStripe } from './ask-stripe';
import { findPaymentById, type PaymentRow } from './payment-rows';
import { refreshPayment } from './refresh-payment';
import { toPaymentView } from './payment-view';

/**
 * Gives a payment back, whole or in part, with a reason. The wallet gives up what is spendable, the rest
 * becomes debt. The same `requestId` refunds once.
 */
export async function refundPayment({
	ctx,
	input
}: {
	ctx: Context;
	input: RefundPaymentInput;
}): Promise<PaymentView> {
	requirePermission(ctx, 'payments.refund');
	requireRecentProof(ctx);
	const { db } = ctx.services.database;
	const payment = await findPaymentById(db, input.paymentId);
	if (!payment) throw new AppError('not_found', 'paymentId names no payment.');
	const paymentIntentId = payment.stripePaymentIntentId;
	if (payment.state !== 'succeeded' || paymentIntentId === null) {
		throw new AppError('conflict', `Nothing was refunded: the payment is ${payment.state}.`);
	}
	const amountMicros = readAmount(input.amount, payment);
	const actor = actorOf(ctx);
	await askStripe(
		ctx,
		'Nothing was refunded: Stripe did not take the refund. A disputed payment cannot be refunded.',
		(stripe) =>
			stripe.refund({
				paymentIntentId,
				amountMicros,
				requestId: input.requestId,
				paymentId: payment.id
			})
	);
	await writeAudit(db, ctx, {
		organizationId: payment.organizationId,
		action: 'payment.refund',
		after: { paymentId: payment.id, amount: formatMicros(amountMicros), reason: input.reason }
	});
	await askStripe(ctx, 'Refunded; the books follow within a minute.', (stripe) =>
		refreshPayment(ctx, stripe, payment.id, actor)
	);
	return toPaymentView((await findPaymentById(db, payment.id)) ?? payment);
}

function readAmount(text: string | undefined, payment: PaymentRow): bigint {
	const leftMicros = payment.amount - payment.refundedAmount - payment.disputedAmount;
	const amountMicros = text === undefined ? leftMicros : parseMicros(text);
	if (amountMicros > 0n && amountMicros <= leftMicros) return amountMicros;
	const sentence =
		leftMicros > 0n
			? `Amount must be from $0.01 to $${formatMicros(leftMicros)}, what is left of the payment.`
			: 'Nothing is left of this payment to refund.';
	throw new AppError('invalid', sentence, { amount: sentence });
}
