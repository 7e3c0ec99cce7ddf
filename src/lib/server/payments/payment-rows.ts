import { and, eq, or, sql } from 'drizzle-orm';
import type { Payment } from '$lib/domain/payments/payment';
import type { Database } from '../db/client';
import { payments } from '../db/schema/index';
import type { PaymentName } from './stripe/read';

export type PaymentRow = typeof payments.$inferSelect;

/** The order that something at Stripe is about: by our own id first, else by Stripe's. */
export async function findPaymentByName(
	db: Database,
	{ orderId, sessionId, paymentIntentId }: PaymentName
): Promise<PaymentRow | null> {
	const names = [
		orderId === null ? undefined : eq(payments.id, orderId),
		sessionId === null ? undefined : eq(payments.stripeCheckoutSessionId, sessionId),
		paymentIntentId === null ? undefined : eq(payments.stripePaymentIntentId, paymentIntentId)
	].filter((name) => name !== undefined);
	if (names.length === 0) return null;
	const [row] = await db
		.select()
		.from(payments)
		.where(or(...names))
		.orderBy(sql`${payments.id} = ${orderId} desc nulls last`)
		.limit(1);
	return row ?? null;
}

export async function findPaymentById(
	db: Database,
	paymentId: string,
	organizationId?: number
): Promise<PaymentRow | null> {
	const ofTenant =
		organizationId === undefined ? undefined : eq(payments.organizationId, organizationId);
	const [row] = await db
		.select()
		.from(payments)
		.where(and(eq(payments.id, paymentId), ofTenant));
	return row ?? null;
}

export function toPayment(row: PaymentRow): Payment {
	return {
		id: row.id,
		organizationId: row.organizationId,
		kind: row.kind,
		amountMicros: row.amount,
		isLive: row.isLive,
		state: row.state,
		customerId: row.stripeCustomerId,
		paymentMethodId: row.stripePaymentMethodId,
		checkoutSessionId: row.stripeCheckoutSessionId,
		checkoutUrl: row.checkoutUrl,
		paymentIntentId: row.stripePaymentIntentId,
		failureCode: row.failureCode,
		failureMessage: row.failureMessage,
		refundedMicros: row.refundedAmount,
		disputedMicros: row.disputedAmount,
		receiptUrl: row.receiptUrl,
		createdBy: row.createdBy,
		createdAtMs: row.createdAt.getTime(),
		succeededAtMs: row.succeededAt?.getTime() ?? null,
		refreshAtMs: row.refreshAt?.getTime() ?? null,
		version: row.version
	};
}
