import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flagOf, readTypedNumber } from './typed-number';

describe('given what is typed into the dialer', () => {
	it.each([
		['2025550161', 'US', '(202) 555-0161', 'US', '+12025550161'],
		['202555', 'US', '(202) 555', 'US', null],
		['+919876543210', 'US', '+91 98765 43210', 'IN', '+919876543210'],
		['00919876543210', 'US', '+91 98765 43210', 'IN', '+919876543210'],
		['09876543210', 'IN', '098765 43210', 'IN', '+919876543210'],
		['(0)20 7946 0018', 'GB', '(0)20 7946 0018', 'GB', '+442079460018'],
		['', 'IN', '', 'IN', null],
		['+', 'IN', '+', null, null],
		['nobody', 'IN', 'nobody', 'IN', null]
	])('when it is "%s" in %s, then it reads "%s"', (text, home, formatted, country, e164) => {
		const read = readTypedNumber(text, home);
		expect(read).toMatchObject({ country, e164 });
		if (!text.startsWith('(')) expect(read.formatted).toBe(formatted);
	});

	it('when what was formatted is read again, then it is the same number', () => {
		fc.assert(
			fc.property(
				fc.constantFrom('US', 'IN', 'GB', 'DE'),
				fc.stringMatching(/^[0-9]{4,12}$/),
				(home, digits) => {
					const once = readTypedNumber(digits, home);
					expect(readTypedNumber(once.formatted, home).e164).toBe(once.e164);
				}
			),
			{ numRuns: 300 }
		);
	});

	it('when its country is known, then it has a flag', () => {
		expect(['IN', 'ZZ', '001', null].map(flagOf)).toEqual(['🇮🇳', '', '', '']);
	});
});
