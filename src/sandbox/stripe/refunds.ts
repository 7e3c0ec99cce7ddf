import type Stripe from 'stripe';
import { isHeldByBank } from './disputes';
import { invalid } from './errors';
import { idOf, newId, unixNow } from './ids';
import { later, moveBalance, type StripeRoom } from './room';

const REFUND_CHANGES_AFTER_SECONDS = 60;

export interface RefundOrder {
	/** Minor units; null: all that is left. */
	amount: number | null;
	reason: string | null;
	metadata: Record<string, string>;
}

function checkAmount(room: StripeRoom, charge: Stripe.Charge, amount: number): void {
	const left = charge.amount - charge.amount_refunded;
	if (!charge.paid) throw invalid(`Charge ${charge.id} was not paid.`);
	if (left === 0) {
		const code = 'charge_already_refunded';
		throw invalid(`Charge ${charge.id} has already been refunded.`, { code });
	}
	if (isHeldByBank(room, charge)) {
		const code = 'charge_disputed';
		throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code });
	}
	if (amount <= left) return;
	const dollars = (cents: number): string => `$${(cents / 100).toFixed(2)}`;
	throw invalid(
		`Refund amount (${dollars(amount)}) is greater than unrefunded amount on charge (${dollars(left)})`,
		{ param: 'amount' }
	);
}

/** Gives money back; `amount_refunded` of the charge grows. Throws when there is not enough left. */
export function refundCharge(
	room: StripeRoom,
	charge: Stripe.Charge,
	order: RefundOrder
): Stripe.Refund {
	const amount = order.amount ?? charge.amount - charge.amount_refunded;
	checkAmount(room, charge, amount);
	const method = room.store.methods.find(charge.payment_method ?? '');
	const habit = method?.card?.refund ?? 'succeeds';
	const id = newId('re');
	const refund: Stripe.Refund = {
		id,
		object: 'refund',
		amount,
		balance_transaction: moveBalance(room, 'refund', id, -amount, charge.currency).id,
		charge: charge.id,
		created: unixNow(),
		currency: charge.currency,
		customer: charge.customer,
		customer_account: null,
		destination_details: {
			card: {
				reference_status: 'pending',
				reference_type: 'acquirer_reference_number',
				type: 'refund'
			},
			type: 'card'
		},
		metadata: order.metadata,
		payment_intent: charge.payment_intent,
		payment_method: charge.payment_method,
		reason: order.reason,
		receipt_number: null,
		source_transfer_reversal: null,
		status: habit === 'pending' ? 'pending' : 'succeeded',
		transfer_reversal: null
	};
	room.store.refunds.add(id, refund);
	room.events.record('refund.created', refund);
	setRefunded(room, charge, charge.amount_refunded + amount);
	if (habit === 'pending') later(room, REFUND_CHANGES_AFTER_SECONDS, () => arrive(room, refund));
	if (habit === 'fails') later(room, REFUND_CHANGES_AFTER_SECONDS, () => failRefund(room, refund));
	return refund;
}

function setRefunded(room: StripeRoom, charge: Stripe.Charge, amountRefunded: number): void {
	const previous: Partial<Stripe.Charge> = { amount_refunded: charge.amount_refunded };
	const isWhole = amountRefunded === charge.amount;
	if (isWhole !== charge.refunded) previous.refunded = charge.refunded;
	const grows = amountRefunded > charge.amount_refunded;
	charge.amount_refunded = amountRefunded;
	charge.refunded = isWhole;
	room.events.record(grows ? 'charge.refunded' : 'charge.updated', charge, previous);
}

function tellChange(
	room: StripeRoom,
	refund: Stripe.Refund,
	previous: Partial<Stripe.Refund>
): void {
	room.events.record('refund.updated', refund, previous);
	room.events.record('charge.refund.updated', refund, previous);
}

function arrive(room: StripeRoom, refund: Stripe.Refund): void {
	if (refund.status !== 'pending') return;
	refund.status = 'succeeded';
	tellChange(room, refund, { status: 'pending' });
}

/** The bank sends a refund back: the charge counts as not refunded by that amount again. */
export function failRefund(room: StripeRoom, refund: Stripe.Refund): void {
	const previous = { status: refund.status };
	if (previous.status === 'failed' || previous.status === 'canceled') return;
	const charge = room.store.charges.get(idOf(refund.charge) ?? '');
	refund.status = 'failed';
	refund.failure_reason = 'expired_or_canceled_card';
	refund.failure_balance_transaction = moveBalance(
		room,
		'refund_failure',
		refund.id,
		refund.amount,
		refund.currency
	).id;
	setRefunded(room, charge, charge.amount_refunded - refund.amount);
	room.events.record('refund.failed', refund, previous);
	tellChange(room, refund, previous);
}
