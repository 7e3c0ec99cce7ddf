import { z } from 'zod';
import { isStorable, id } from './parts';

export const LEAD_STATUSES = ['new', 'called', 'do_not_call'] as const;
export type LeadStatus = (typeof LEAD_STATUSES)[number];

/** How the last call to a lead ended. */
export const LEAD_OUTCOMES = ['completed', 'busy', 'no_answer', 'failed'] as const;
export type LeadOutcome = (typeof LEAD_OUTCOMES)[number];

/** Which leads of a list. */
export const LeadFilters = z.object({
	search: z
		.string()
		.refine(isStorable, 'search must not contain the character U+0000.')
		.trim()
		.max(100, 'search must be at most 100 characters.')
		.optional(),
	status: z.enum(LEAD_STATUSES, 'status must be new, called or do_not_call.').optional(),
	outcome: z.enum(LEAD_OUTCOMES, 'outcome must be completed, busy, no_answer or failed.').optional()
});
export type LeadFilters = z.infer<typeof LeadFilters>;

export const LeadsPageInput = LeadFilters.extend({
	listId: id('listId').optional(),
	/** Only those whose clock allows a call now. */
	isCallable: z.boolean('isCallable must be true or false.').optional(),
	cursor: z.string().max(200, 'cursor is not one of ours.').optional()
});
export type LeadsPageInput = z.infer<typeof LeadsPageInput>;
