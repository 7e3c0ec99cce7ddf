import { z } from 'zod';
import { isStorable, id } from './parts';

export const LeadsPageInput = z.object({
	listId: id('listId').optional(),
	search: z
		.string()
		.refine(isStorable, 'search must not contain the character U+0000.')
		.trim()
		.max(100, 'search must be at most 100 characters.')
		.optional(),
	cursor: z.string().max(200, 'cursor is not one of ours.').optional()
});
export type LeadsPageInput = z.infer<typeof LeadsPageInput>;
