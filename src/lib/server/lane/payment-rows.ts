import { NO_REFILL, type AutoRefill } from '$lib/domain/payments/auto-refill';
import type { Payment } from '$lib/domain/payments/payment';
import { parseMicros } from '$lib/domain/money';

/** A row as the driver gives it: the column types are stated where it is read. */
type Row = Record<string, unknown>;

function numberOrNull(value: unknown): number | null {
	return value === null || value === undefined ? null : Number(value);
}

/** The settings, from the wallet's row; the machine as it is before it was ever used. */
export function readRefillSettings(row: Row): AutoRefill {
	const cap = row.auto_refill_monthly_cap;
	return {
		...NO_REFILL,
		isEnabled: row.auto_refill_enabled as boolean,
		amountMicros: parseMicros(row.auto_refill_amount as string),
		thresholdMicros: parseMicros(row.auto_refill_threshold as string),
		monthlyCapMicros: cap === null ? null : parseMicros(cap as string),
		lastRefillAtMs: numberOrNull(row.last_refill_at_ms)
	};
}

export function readRefillRow(settings: AutoRefill, row: Row): AutoRefill {
	return {
		...settings,
		state: row.state as AutoRefill['state'],
		paymentId: row.payment_id as string | null,
		declines: row.declines as number,
		lookAtMs: numberOrNull(row.look_at_ms),
		pauseReason: row.pause_reason as AutoRefill['pauseReason'],
		month: row.month as string,
		monthSpentMicros: parseMicros(row.month_spent as string)
	};
}

export function readPaymentRow(row: Row): Payment {
	return {
		id: row.id as string,
		organizationId: row.organization_id as number,
		kind: row.kind as Payment['kind'],
		amountMicros: parseMicros(row.amount as string),
		isLive: row.is_live as boolean,
		state: row.state as Payment['state'],
		customerId: row.stripe_customer_id as string,
		paymentMethodId: row.stripe_payment_method_id as string | null,
		checkoutSessionId: row.stripe_checkout_session_id as string | null,
		checkoutUrl: row.checkout_url as string | null,
		paymentIntentId: row.stripe_payment_intent_id as string | null,
		failureCode: row.failure_code as string | null,
		failureMessage: row.failure_message as string | null,
		refundedMicros: parseMicros(row.refunded_amount as string),
		disputedMicros: parseMicros(row.disputed_amount as string),
		receiptUrl: row.receipt_url as string | null,
		createdBy: row.created_by as string | null,
		createdAtMs: Number(row.created_at_ms),
		succeededAtMs: numberOrNull(row.succeeded_at_ms),
		refreshAtMs: numberOrNull(row.refresh_at_ms),
		version: row.version as number
	};
}
