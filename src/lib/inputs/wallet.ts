import { z } from 'zod';
import { text, id, organizationId } from './parts';

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
