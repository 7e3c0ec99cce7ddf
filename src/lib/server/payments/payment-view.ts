import { formatMicros } from '$lib/domain/money';
import type { PaymentView } from '$lib/views';
import type { PaymentRow } from './payment-rows';

export function toPaymentView(row: PaymentRow): PaymentView {
	return {
		id: row.id,
		organizationId: row.organizationId,
		kind: row.kind,
		amount: formatMicros(row.amount),
		state: row.state,
		refundedAmount: formatMicros(row.refundedAmount),
		disputedAmount: formatMicros(row.disputedAmount),
		failureMessage: row.failureMessage,
		receiptUrl: row.receiptUrl,
		createdAt: row.createdAt.toISOString(),
		succeededAt: row.succeededAt?.toISOString() ?? null
	};
}
