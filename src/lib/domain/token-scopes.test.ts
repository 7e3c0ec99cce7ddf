import { describe, expect, it } from 'vitest';
import { mayUse, scopeOf, TOKEN_SCOPES } from './token-scopes';

describe('scopeOf', () => {
	it.each([
		['GET', '/api/balance/get', 'read'],
		['GET', '/api/twilio/events', 'read'],
		['POST', '/call-minutes/check-availability', 'read'],
		['POST', '/call-minutes/consume', 'minutes'],
		['POST', '/api/calls', 'calls'],
		['POST', '/api/balance/refill', 'wallet'],
		['POST', '/api/user/contacts/lookup', 'contacts'],
		['POST', '/api/demo/softphone/connect', null],
		['GET', '/trpc/calls.recent', null],
		['GET', '/dashboard', null]
	])('given %s %s, then it needs %s', (method, path, scope) => {
		expect(scopeOf(method, path)).toBe(scope);
	});
});

describe('mayUse', () => {
	it('given no limits, then everything; given all scopes, then still only what has a scope', () => {
		expect(mayUse(null, 'POST', '/trpc/admin.minutes.allocate')).toBe(true);
		expect(mayUse(TOKEN_SCOPES, 'POST', '/trpc/admin.minutes.allocate')).toBe(false);
	});

	it('given one scope, then only what needs it', () => {
		expect(mayUse(['read'], 'GET', '/api/calls/1')).toBe(true);
		expect(mayUse(['read'], 'POST', '/api/calls')).toBe(false);
		expect(mayUse(['calls'], 'GET', '/api/balance/get')).toBe(false);
	});
});
