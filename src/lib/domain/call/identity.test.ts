import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identityOf, userIdOf } from './identity';

describe('given the identity of a user', () => {
	it('then it has only letters, digits and _, and names that user again', () => {
		fc.assert(
			fc.property(fc.uuid(), (userId) => {
				expect(identityOf(userId)).toMatch(/^[A-Za-z0-9_]{1,121}$/);
				expect(userIdOf(identityOf(userId))).toBe(userId);
			})
		);
	});

	it.each(['', 'user_', 'Anonymous', 'user_0199', `user_${'g'.repeat(32)}`, `x_${'0'.repeat(32)}`])(
		'when it is "%s", which nobody was given, then it names nobody',
		(identity) => {
			expect(userIdOf(identity)).toBeNull();
		}
	);
});
