import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isLetIn } from './keyed';

const KEY = 'a-secret-of-the-webhook';
const ADDRESS = '13.203.39.153';
const guard = { key: KEY, allowedIps: [] as string[], confirms: true };

it('given the key, then the request is let in, from anywhere when no list is set', () => {
	expect(isLetIn(guard, { key: KEY, address: ADDRESS })).toBe(true);
	expect(isLetIn(guard, { key: KEY, address: null })).toBe(true);
});

it.each([null, '', KEY.toUpperCase(), `${KEY} `, KEY.slice(1), `${KEY}${KEY}`])(
	'given the key %j, then it is refused',
	(key) => {
		expect(isLetIn(guard, { key, address: ADDRESS })).toBe(false);
	}
);

it('given any key with one letter changed, then it is refused', () => {
	fc.assert(
		fc.property(fc.nat(KEY.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, letter) => {
			const key = KEY.slice(0, at) + letter + KEY.slice(at + 1);
			expect(isLetIn(guard, { key, address: ADDRESS })).toBe(key === KEY);
		})
	);
});

it.each([
	[['13.203.39.153'], ADDRESS, true],
	[['13.203.39.153'], `::ffff:${ADDRESS}`, true],
	[['13.203.39.153'], '13.203.39.154', false],
	[['13.203.39.153'], null, false],
	[['13.203.39.153'], 'nonsense', false],
	[['13.203.39.0/24', '10.0.0.1'], ADDRESS, true],
	[['13.203.39.0/24', '10.0.0.1'], '10.0.0.1', true],
	[['13.203.39.0/24', '10.0.0.1'], '10.0.0.2', false],
	[['2001:db8::/32'], '2001:db8::1', true],
	[['2001:db8::/32'], '2001:db9::1', false],
	[['2001:db8::/32'], ADDRESS, false]
])(
	'given the list %j, when it comes from %s, then it is let in: %s',
	(allowedIps, address, isIn) => {
		expect(isLetIn({ ...guard, allowedIps }, { key: KEY, address })).toBe(isIn);
		expect(isLetIn({ ...guard, allowedIps }, { key: 'wrong', address })).toBe(false);
	}
);
