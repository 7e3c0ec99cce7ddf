import type { FinishTopUpInput } from '$lib/inputs';
import type { TopUpNotice } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { applyMeaning } from '../payments/apply-meaning';
import { findPaymentById, findPaymentByName } from '../payments/payment-rows';
import { requireStripe } from '../payments/ask-stripe';

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
}): Promise<TopUpNotice> {
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
	if (payment.state === 'succeeded') return 'paid';
	try {
		await applyMeaning(ctx, await stripe.readCheckout(sessionId));
	} catch (error) {
		log.warn({ err: error, payment: payment.id }, 'return page: the webhook will tell');
	}
	const after = await findPaymentById(database.db, payment.id);
	switch (after?.state) {
		case 'succeeded':
			return 'paid';
		case 'failed':
		case 'expired':
		case 'mismatch':
			return after.state;
		default:
			return 'pending';
	}
}
