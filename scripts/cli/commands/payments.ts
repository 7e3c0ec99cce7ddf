import { v7 as uuid } from 'uuid';
import { PaymentsInput, RefundPaymentInput } from '$lib/inputs';
import { parseInput } from '$lib/server/parse';
import { catchUpWithStripe } from '$lib/server/payments/catch-up';
import { listAllPayments } from '$lib/server/payments/list-payments';
import { refundPayment } from '$lib/server/payments/refund-payment';
import type { CommandLine } from '../command';
import { wholeNumber } from '../options';

export const paymentsCommands: CommandLine[] = [
	{
		words: ['payments', 'list'],
		usage: 'payments list [--org N] [--state S]',
		summary: 'list payments, newest first (--state mismatch: those refused)',
		required: [],
		optional: ['org', 'state'],
		async run(ctx, values) {
			const input = parseInput(PaymentsInput, {
				organizationId: values.org === undefined ? undefined : wholeNumber('org', values.org),
				state: values.state
			});
			const { rows } = await listAllPayments({ ctx, input });
			const lines = rows.map(
				(row) => `${row.id}  ${row.state}  $${row.amount}  organisation ${row.organizationId}`
			);
			return { line: lines.join('\n') || 'No payments.', json: rows };
		}
	},
	{
		words: ['payments', 'refund'],
		usage: 'payments refund --payment ID [--amount A] --reason R',
		summary: 'give a payment back, whole or in part',
		required: ['payment', 'reason'],
		optional: ['amount'],
		async run(ctx, values) {
			const input = parseInput(RefundPaymentInput, {
				requestId: uuid(),
				paymentId: values.payment,
				amount: values.amount,
				reason: values.reason
			});
			const payment = await refundPayment({ ctx, input });
			return {
				line: `Refunded: $${payment.refundedAmount} of $${payment.amount} went back so far.`,
				json: payment
			};
		}
	},
	{
		words: ['payments', 'catch-up'],
		usage: 'payments catch-up',
		summary: 'apply the events of Stripe that no webhook took',
		required: [],
		optional: [],
		async run(ctx) {
			const caught = await catchUpWithStripe({ ctx });
			return { line: `${caught.missed} events missed, ${caught.applied} applied.`, json: caught };
		}
	}
];
