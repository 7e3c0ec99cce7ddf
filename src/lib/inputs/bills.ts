import { z } from 'zod';
import { provider } from './deliveries';
import { id } from './parts';

const day = (name: string) => z.iso.date({ error: `${name} must be a day like 2026-11-21.` });

export const CheckBillInput = z.object({ provider, day: day('day') });
export type CheckBillInput = z.infer<typeof CheckBillInput>;

export const ListBillChecksInput = z.object({
	provider: provider.optional(),
	cursor: day('cursor').optional()
});
export type ListBillChecksInput = z.infer<typeof ListBillChecksInput>;

export const ListBillFindingsInput = z.object({
	checkId: id('checkId'),
	kind: z
		.enum(
			['match', 'provider_only', 'ours_only', 'mismatch'],
			'kind must be match, provider_only, ours_only or mismatch.'
		)
		.optional(),
	cursor: id('cursor').optional()
});
export type ListBillFindingsInput = z.infer<typeof ListBillFindingsInput>;

export const ListEndConflictsInput = z.object({
	state: z
		.enum(
			['open', 'confirmed', 'contradicted', 'unanswered'],
			'state must be open, confirmed, contradicted or unanswered.'
		)
		.optional(),
	cursor: id('cursor').optional()
});
export type ListEndConflictsInput = z.infer<typeof ListEndConflictsInput>;
