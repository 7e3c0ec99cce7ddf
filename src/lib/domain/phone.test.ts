import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskPhone, parsePhone } from './phone';

describe('parsePhone', () => {
	it.each([
		['+12025550142', 'US', '+12025550142', 'US'],
		['(202) 555-0142', 'US', '+12025550142', 'US'],
		['202.555.0142', 'US', '+12025550142', 'US'],
		['1 202 555 0142', 'US', '+12025550142', 'US'],
		['011 91 98765 43210', 'US', '+919876543210', 'IN'],
		['tel:+1-202-555-0142', 'IN', '+12025550142', 'US'],
		['98765 43210', 'IN', '+919876543210', 'IN'],
		['098765-43210', 'IN', '+919876543210', 'IN'],
		['+91 (98765) 43210', 'US', '+919876543210', 'IN'],
		['020 7946 0018', 'GB', '+442079460018', 'GB'],
		['+44 (0)20 7946 0018', 'US', '+442079460018', 'GB'],
		['+٩١٩٨٧٦٥٤٣٢١٠', 'US', '+919876543210', 'IN'],
		['+49 30 901820', 'US', '+4930901820', 'DE'],
		['+1 868 620 0142', 'US', '+18686200142', 'TT'],
		['+800 1234 5678', 'US', '+80012345678', 'ZZ'],
		['(202) 555-0142', 'nowhere', '+12025550142', 'US']
	])('given %j in %s, then it is %s of %s', (text, country, e164, found) => {
		expect(parsePhone(text, country)).toEqual({ e164, country: found });
	});

	it.each([
		'',
		' ',
		'+',
		'12',
		'911',
		'+1',
		'+12025',
		'555-0142',
		'+1202555014200000',
		'+99912345678',
		'hello',
		'client:agent_42',
		'+1 (000) 000-0000',
		'0'.repeat(15),
		'+1202555014'.padEnd(41, '2'),
		'{"to":1}',
		'٠٠٠'
	])('given %j, then it is refused', (text) => {
		expect(parsePhone(text)).toBeNull();
	});

	it('given any text and country, then it answers with an E.164 number or null and never throws', () => {
		const digits = fc.string({ unit: fc.constantFrom(...'+0123456789 ()-.') });
		fc.assert(
			fc.property(fc.oneof(fc.string(), digits), fc.string({ maxLength: 3 }), (text, country) => {
				const parsed = parsePhone(text, country);
				if (parsed === null) return;
				expect(parsed.e164).toMatch(/^\+[1-9]\d{4,14}$/);
				expect(parsePhone(parsed.e164)).toEqual(parsed);
			})
		);
	});
});

describe('maskPhone', () => {
	it.each([
		['+12025550142', '+12••••42'],
		['+919876543210', '+91••••10'],
		['+4930901820', '+49••••20']
	])('given %s, then a log shows %s', (e164, masked) => {
		expect(maskPhone(e164)).toBe(masked);
	});

	it('given any E.164 number, then at most four of its digits are shown', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^\+[1-9]\d{6,14}$/), (e164) => {
				expect(maskPhone(e164).replace(/\D/g, '')).toHaveLength(4);
			})
		);
	});
});
