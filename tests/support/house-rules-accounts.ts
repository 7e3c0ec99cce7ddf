/** The rules of accounts: who may get in, as what, and who says so. */
import { provePerson } from '$lib/server/auth/prove-person';
import { INVALID, type Rule } from './house-rule';

export const ACCOUNT_RULES: Rule[] = [
	{
		verb: 'provePerson with a wrong password',
		procedure: 'account.prove',
		run: (ctx) => provePerson({ ctx, input: { password: 'wrong' } }),
		superAdmin: INVALID,
		member: INVALID
	}
];
