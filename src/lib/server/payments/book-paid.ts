import { eq } from 'drizzle-orm';
import { v5 as nameBasedUuid } from 'uuid';
import type { PaidFact } from '$lib/domain/payments/payment';
import type { Context } from '../context';
import { stripeCustomers } from '../db/schema/index';

/** Any one; equal payment intents give equal transaction ids everywhere and for ever. */
const NAMESPACE = '0d3c5c0e-9a2b-5a57-8c5e-6f1b0f1d7e21';

export type Booked = { kind: 'booked'; repeated: boolean } | { kind: 'mismatch'; reason: string };

/**
 * The one way money that Stripe says was paid becomes credit: of the webhook, the return page, the
 * charge itself and the catch-up alike. However often and at whatever moment, it is credited once.
 */
export async function bookPaid(
	ctx: Context,
	payment: { id: string; organizationId: number; kind: 'checkout' | 'auto_refill' },
	fact: PaidFact
): Promise<Booked> {
	const { lane, log, database } = ctx.services;
	const result = await lane.submit({
		kind: 'book_payment',
		paymentId: payment.id,
		organizationId: payment.organizationId,
		transactionId: nameBasedUuid(fact.paymentIntentId, NAMESPACE),
		fact
	});
	if (result.kind === 'unknown_payment') throw new Error(`Payment ${payment.id} is gone`);
	if (result.kind === 'mismatch') {
		log.error(
			{
				alert: 'payment_mismatch',
				payment: payment.id,
				organization: payment.organizationId,
				paymentIntent: fact.paymentIntentId,
				reason: result.reason
			},
			'payment refused: what was paid is not what was ordered'
		);
		return result;
	}
	if (!result.repeated && payment.kind === 'checkout') {
		// Checkout kept the card that paid.
		await database.db
			.update(stripeCustomers)
			.set({ isStale: true })
			.where(eq(stripeCustomers.organizationId, payment.organizationId));
	}
	return result;
}
