import { z } from 'zod';

export const FeedInput = z.object({
	cursor: z.string().max(40).nullish(),
	scope: z.enum(['organization', 'fleet']).default('organization'),
	lastEventId: z.string().max(40).nullish()
});
