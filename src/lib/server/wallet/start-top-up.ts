import { MICROS_PER_DOLLAR } from '$lib/domain/money';
import type { Payment } from '$lib/domain/payments/payment';
import type { StartTopUpInput } from '$lib/inputs';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { askStripe, requireStripe } from '../payments/ask-stripe';
import { ensureCustomer } from '../payments/customers';

/** Stripe closes a page that nobody paid after a day. */
const OPEN_MS_MAX = 86_400_000;

/**
 * Opens Stripe's payment page. The attempt is ordered first, so that whatever Stripe tells later finds it;
 * the same attempt id again gives the same page and never a second payment.
 */
export async function startTopUp({
	ctx,
	input
}: {
	ctx: Context;
	input: StartTopUpInput;
}): Promise<{ url: string }> {
	const person = requirePerson(ctx, 'wallet.pay');
	const organizationId = requireOrganizationId(person, undefined);
	const { isLive } = requireStripe(ctx);
	const { attemptId } = input;
	const payer = { email: person.email, attemptId };
	const { customerId } = await ensureCustomer(ctx, organizationId, payer);
	const { lane } = ctx.services;
	const opened = await lane.submit({
		kind: 'open_payment',
		paymentId: attemptId,
		organizationId,
		amountMicros: BigInt(input.amount) * MICROS_PER_DOLLAR,
		isLive,
		customerId,
		userId: person.userId
	});
	if (opened.kind !== 'opened') throw new AppError('conflict', 'attemptId is already in use.');
	const { payment } = opened;
	refuseClosed(ctx, payment);
	if (payment.checkoutUrl !== null) return { url: payment.checkoutUrl };
	const checkout = await askStripe(
		ctx,
		'The payment page did not open; nothing was charged.',
		(stripe) => stripe.openCheckout(payment)
	);
	await lane.submit({
		kind: 'note_payment',
		paymentId: payment.id,
		organizationId,
		note: { checkout }
	});
	if (checkout.url === null) throw closed();
	return { url: checkout.url };
}

function refuseClosed(ctx: Context, payment: Payment): void {
	const isOpen = ['created', 'failed'].includes(payment.state);
	if (!isOpen || ctx.nowMs - payment.createdAtMs >= OPEN_MS_MAX) throw closed();
}

function closed(): AppError {
	return new AppError('conflict', 'This payment was paid or has expired. Start a new one.');
}
