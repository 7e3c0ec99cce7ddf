import { v7 as uuid } from 'uuid';
import type { Actor } from '$lib/domain/lane/commands';
import type { Context } from '../context';
import { findPaymentById } from './payment-rows';
import type { StripeGateway } from './stripe/gateway';

/** How often an answer may be overtaken by news before the worker comes back later. */
const ATTEMPTS_MAX = 4;

/**
 * Asks Stripe what became of a payment that succeeded, and books what went back or came back: refunds
 * and disputes are totals there, so whatever events told of them, in any order, the books end right.
 * @returns false when news kept overtaking the answers
 */
export async function refreshPayment(
	ctx: Context,
	stripe: StripeGateway,
	paymentId: string,
	actor: Actor
): Promise<boolean> {
	const { lane, log, database } = ctx.services;
	for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		const payment = await findPaymentById(database.db, paymentId);
		if (payment?.state !== 'succeeded' || payment.stripePaymentIntentId === null) return true;
		const fact = await stripe.readMoneyBack(payment.stripePaymentIntentId);
		const result = await lane.submit({
			kind: 'book_money_back',
			paymentId,
			organizationId: payment.organizationId,
			askedAtVersion: payment.version,
			fact,
			newIds: { refund: uuid(), dispute: uuid() },
			actor
		});
		if (result.kind === 'stale') continue;
		if (result.kind === 'booked' && (result.takenMicros > 0n || result.returnedMicros > 0n)) {
			const { takenMicros, returnedMicros, frozen } = result;
			const moved = { takenMicros: String(takenMicros), returnedMicros: String(returnedMicros) };
			log.warn({ payment: paymentId, ...moved, frozen }, 'a payment went back or came back');
		}
		return true;
	}
	return false;
}
