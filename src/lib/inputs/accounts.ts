import { z } from 'zod';

/** As long as anything that is hashed may be. */
export const PASSWORD_LENGTH_MAX = 200;

/** A password as it is typed to be checked: any that could have been set. */
const typedPassword = z
	.string('password must be a text.')
	.min(1, 'Enter your password.')
	.max(1024, 'password must have at most 1,024 characters.');

export const ProveInput = z.object({ password: typedPassword });
export type ProveInput = z.infer<typeof ProveInput>;
