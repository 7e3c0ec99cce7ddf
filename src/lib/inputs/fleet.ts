import { z } from 'zod';
import { isStorable } from './parts';

export const FLEET_SORTS = ['empties', 'name', 'remaining', 'wallet', 'burn', 'live'] as const;
export type FleetSort = (typeof FLEET_SORTS)[number];

export const FleetInput = z.object({
	/** Part of an organisation's name, or its number. */
	search: z
		.string()
		.refine(isStorable, 'search must not contain the character U+0000.')
		.trim()
		.max(100, 'search must be at most 100 characters.')
		.optional(),
	sort: z
		.enum(FLEET_SORTS, 'sort must be empties, name, remaining, wallet, burn or live.')
		.default('empties'),
	archived: z.boolean('archived must be true or false.').default(false),
	cursor: z
		.string()
		.max(400, 'cursor is not one of ours.')
		.regex(/^[\w-]+$/, 'cursor is not one of ours.')
		.optional()
});
export type FleetInput = z.input<typeof FleetInput>;
