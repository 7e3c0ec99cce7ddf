import { assertNever } from '$lib/domain/assert-never';
import type { PaymentState } from '$lib/domain/payments/payment';
import type { FinishTopUpInput } from '$lib/inputs';
import type { FinishedTopUpView, TopUpNotice } from '$lib/views';
import { actorOf, requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { applyMeaning } from '../payments/apply-meaning';
import { requireStripe } from '../payments/ask-stripe';
import { findCustomer, refreshCard } from '../payments/customers';
import { findPaymentById, findPaymentByName } from '../payments/payment-rows';
import { refreshPayment } from '../payments/refresh-payment';
import type { StripeGateway } from '../payments/stripe/gateway';

/**
 * The payer comes back from Stripe's page: a shortcut past the webhook, by the same booking function. When
 * Stripe does not answer, the webhook books it.
 */
export async function finishTopUp({
	ctx,
	input
}: {
	ctx: Context;
	input: FinishTopUpInput;
}): Promise<FinishedTopUpView> {
	const person = requirePerson(ctx, 'wallet.read');
	const organizationId = requireOrganizationId(person, undefined);
	const stripe = requireStripe(ctx);
	const { database, log } = ctx.services;
	const { sessionId } = input;
	const name = { orderId: null, sessionId, paymentIntentId: null };
	const payment = await findPaymentByName(database.db, name);
	if (payment?.organizationId !== organizationId) {
		throw new AppError('not_found', 'session_id names no payment of yours.');
	}
	const paymentId = payment.id;
	try {
		if (payment.state !== 'succeeded') {
			await applyMeaning(ctx, await stripe.readCheckout(sessionId));
		}
		await keepCard(ctx, stripe, organizationId);
		await keepReceipt(ctx, stripe, paymentId);
	} catch (error) {
		log.warn({ err: error, payment: paymentId }, 'return page: the webhook will tell');
	}
	const after = await findPaymentById(database.db, paymentId);
	return { paymentId, notice: noticeOf(after?.state ?? payment.state) };
}

/** The payer sees the card that was just saved, and the receipt, without waiting for the worker. */
async function keepCard(
	ctx: Context,
	stripe: StripeGateway,
	organizationId: number
): Promise<void> {
	const customer = await findCustomer(ctx, organizationId);
	if (customer?.isStale) await refreshCard(ctx, stripe, customer);
}

async function keepReceipt(ctx: Context, stripe: StripeGateway, paymentId: string): Promise<void> {
	const payment = await findPaymentById(ctx.services.database.db, paymentId);
	const isMissing = payment?.state === 'succeeded' && payment.receiptUrl === null;
	if (isMissing) await refreshPayment(ctx, stripe, paymentId, actorOf(ctx));
}

function noticeOf(state: PaymentState): TopUpNotice {
	switch (state) {
		case 'succeeded':
			return 'paid';
		case 'failed':
		case 'expired':
		case 'mismatch':
			return state;
		case 'created':
		case 'pending':
		case 'unknown':
			return 'pending';
		default:
			return assertNever(state);
	}
}
