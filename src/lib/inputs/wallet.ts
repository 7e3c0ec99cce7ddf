import { z } from 'zod';
import { id, organizationId, text, wholeNumber } from './parts';

export const EstimateCallInput = z.object({
	phone: z.string('phone must be a phone number.').max(40, 'phone must be a phone number.'),
	organizationId: organizationId.optional()
});
export type EstimateCallInput = z.infer<typeof EstimateCallInput>;

export const AdjustWalletInput = z.object({
	requestId: id('requestId'),
	organizationId,
	amount: z
		.string()
		.regex(
			/^-?\d{1,7}(\.\d{1,6})?$/,
			'Amount must be dollars like 25.00 or -5.00, at most 9,999,999.'
		),
	reason: text('Reason', 3, 200)
});
export type AdjustWalletInput = z.infer<typeof AdjustWalletInput>;

const amount = z.union([z.literal(50), z.literal(100)], 'Amount must be 50 or 100, in dollars.');

/** @param from whole dollars */
const dollars = (name: string, from: number, to: number) => {
	const sentence = `${name} must be dollars from ${from} to ${to.toLocaleString('en')}, like 25 or 25.50.`;
	return z
		.string(sentence)
		.regex(/^\d{1,7}(\.\d{1,2})?$/, sentence)
		.refine((value) => Number(value) >= from && Number(value) <= to, sentence);
};

export const StartTopUpInput = z.object({
	/** Made by whoever asks and kept until an answer arrives: the same one is the same payment. */
	attemptId: id('attemptId'),
	amount
});
export type StartTopUpInput = z.infer<typeof StartTopUpInput>;

export const FinishTopUpInput = z.object({
	sessionId: text('session_id', 1, 255)
});
export type FinishTopUpInput = z.infer<typeof FinishTopUpInput>;

/** What is left out stays as it is. */
export const RefillSettingsInput = z.object({
	isEnabled: z.boolean('auto_refill_enabled must be true or false.').optional(),
	amount: amount.optional(),
	threshold: dollars('Threshold', 1, 1_000).optional(),
	/** Null takes the cap away. */
	monthlyCap: dollars('Monthly cap', 50, 1_000_000).nullable().optional()
});
export type RefillSettingsInput = z.infer<typeof RefillSettingsInput>;

export const WalletInput = z.object({ organizationId: organizationId.optional() });
export type WalletInput = z.infer<typeof WalletInput>;

export const TransactionsInput = z.object({
	organizationId: organizationId.optional(),
	type: z.enum(['call', 'topup', 'refund'], 'type must be call, topup or refund.').optional(),
	limit: wholeNumber('limit', 1, 200).default(50),
	cursor: z
		.string()
		.regex(/^\d{1,15}$/, 'cursor is not one of ours.')
		.optional()
});
export type TransactionsInput = z.input<typeof TransactionsInput>;

export const PaymentsInput = z.object({
	organizationId: organizationId.optional(),
	state: z
		.enum(
			['created', 'pending', 'succeeded', 'failed', 'expired', 'unknown', 'mismatch'],
			'state is not one of a payment.'
		)
		.optional(),
	cursor: z
		.string()
		.regex(/^\d{1,15}_[0-9a-f-]{36}$/, 'cursor is not one of ours.')
		.optional()
});
export type PaymentsInput = z.infer<typeof PaymentsInput>;

export const RefundPaymentInput = z.object({
	requestId: id('requestId'),
	paymentId: id('paymentId'),
	/** Dollars; without it, all that is left. */
	amount: dollars('Amount', 0.01, 1_000_000).optional(),
	reason: text('Reason', 3, 200)
});
export type RefundPaymentInput = z.infer<typeof RefundPaymentInput>;

export const DisputeFreezeInput = z.object({
	organizationId,
	freezesOnDispute: z.boolean('freezesOnDispute must be true or false.')
});
export type DisputeFreezeInput = z.infer<typeof DisputeFreezeInput>;
