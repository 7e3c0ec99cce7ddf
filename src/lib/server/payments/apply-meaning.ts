import { eq } from 'drizzle-orm';
import { assertNever } from '$lib/domain/assert-never';
import type { NotePayment } from '$lib/domain/lane/commands';
import type { Context } from '../context';
import { stripeCustomers } from '../db/schema/index';
import { bookPaid } from './book-paid';
import { findPaymentByName, type PaymentRow } from './payment-rows';
import type { EventMeaning, Failed, PaymentName } from './stripe/read';

export interface Applied {
	state: 'applied' | 'ignored' | 'unmatched' | 'failed';
	note: string | null;
	organizationId: number | null;
}

/**
 * Applies what Stripe told, by whatever way it came. Asks Stripe nothing: a webhook is answered fast, and
 * what has to be asked is marked for the worker.
 */
export async function applyMeaning(ctx: Context, meaning: EventMeaning): Promise<Applied> {
	switch (meaning.kind) {
		case 'ignored':
			return { state: 'ignored', note: meaning.note, organizationId: null };
		case 'malformed':
			return { state: 'failed', note: meaning.note, organizationId: null };
		case 'card_changed':
		case 'customer_deleted':
			return changeCustomer(ctx, meaning.kind, meaning.customerId);
		case 'paid':
		case 'pending':
		case 'expired':
		case 'not_paid':
		case 'money_back':
			return applyToPayment(ctx, meaning);
		default:
			return assertNever(meaning);
	}
}

type OfPayment = Extract<EventMeaning, { name: PaymentName }>;

async function applyToPayment(ctx: Context, meaning: OfPayment): Promise<Applied> {
	const payment = await findPaymentByName(ctx.services.database.db, meaning.name);
	if (!payment) {
		return meaning.name.orderId === null
			? { state: 'ignored', note: 'No order of ours.', organizationId: null }
			: { state: 'unmatched', note: 'Names an order that is not here.', organizationId: null };
	}
	const { organizationId } = payment;
	const { paymentIntentId } = meaning.name;
	switch (meaning.kind) {
		case 'paid': {
			const booked = await bookPaid(ctx, payment, meaning.fact);
			return booked.kind === 'mismatch'
				? { state: 'failed', note: booked.reason, organizationId }
				: { state: 'applied', note: null, organizationId };
		}
		case 'pending':
			await note(ctx, payment, {
				state: 'pending',
				...(paymentIntentId && { paymentIntentId })
			});
			break;
		case 'expired':
			await note(ctx, payment, { state: 'expired' });
			break;
		case 'money_back':
			await note(ctx, payment, { refreshAtMs: ctx.nowMs });
			break;
		case 'not_paid':
			await fail(ctx, payment, paymentIntentId, meaning.failed);
			break;
		default:
			return assertNever(meaning);
	}
	return { state: 'applied', note: null, organizationId };
}

async function note(
	ctx: Context,
	{ id: paymentId, organizationId }: PaymentRow,
	what: NotePayment['note']
): Promise<void> {
	await ctx.services.lane.submit({ kind: 'note_payment', paymentId, organizationId, note: what });
}

/** A person at Checkout may try again; a charge of ours goes through the machine of auto-refill. */
async function fail(
	ctx: Context,
	payment: PaymentRow,
	paymentIntentId: string | null,
	{ failure, message }: Failed
): Promise<void> {
	const { id: paymentId, organizationId } = payment;
	if (payment.kind === 'auto_refill') {
		await ctx.services.lane.submit({
			kind: 'fail_charge',
			organizationId,
			paymentId,
			paymentIntentId,
			failure,
			message
		});
		return;
	}
	const code = failure.kind === 'declined' ? (failure.declineCode ?? failure.code) : failure.code;
	await note(ctx, payment, {
		state: 'failed',
		failure: { code, message },
		...(paymentIntentId && { paymentIntentId })
	});
}

async function changeCustomer(
	ctx: Context,
	kind: 'card_changed' | 'customer_deleted',
	customerId: string
): Promise<Applied> {
	const { db } = ctx.services.database;
	const ofCustomer = eq(stripeCustomers.customerId, customerId);
	const returned = { organizationId: stripeCustomers.organizationId };
	const [row] =
		kind === 'card_changed'
			? await db
					.update(stripeCustomers)
					.set({ isStale: true })
					.where(ofCustomer)
					.returning(returned)
			: await db.delete(stripeCustomers).where(ofCustomer).returning(returned);
	return row
		? { state: 'applied', note: null, organizationId: row.organizationId }
		: { state: 'ignored', note: 'No customer of ours.', organizationId: null };
}
