import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMicros, parseMicros } from './money';

const amounts = fc.bigInt({ min: -999_999_999_999_999_999n, max: 999_999_999_999_999_999n });

describe('parseMicros', () => {
	it.each([
		['0', 0n],
		['-0', 0n],
		['0.000001', 1n],
		['42.10', 42_100_000n],
		['-0.03000', -30_000n],
		['1.500', 1_500_000n],
		['007.5', 7_500_000n],
		[' 9.99\n', 9_990_000n],
		['999999999999.999999', 999_999_999_999_999_999n]
	])('given %j, then it is %d micros', (text, micros) => {
		expect(parseMicros(text)).toBe(micros);
	});

	it.each([
		'',
		' ',
		'-',
		'+1',
		'--1',
		'.5',
		'5.',
		'1.2.3',
		'1,000',
		'1e5',
		'0x10',
		'NaN',
		'Infinity',
		'null',
		'$5',
		'1 000',
		'0.0000001',
		'1234567890123',
		'٣',
		'１',
		'1\n2',
		'1_000'
	])('given the nonsense %j, then it is refused', (text) => {
		expect(() => parseMicros(text)).toThrow(RangeError);
	});

	it('given ten times 0.10, when added, then it is 1.00 to the last digit', () => {
		const sum = Array.from({ length: 10 }, () => parseMicros('0.10')).reduce((a, b) => a + b, 0n);
		expect(sum).toBe(parseMicros('1.00'));
		expect(formatMicros(sum)).toBe('1.00');
	});

	it('given any text, then it is read exactly or refused with a RangeError', () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				try {
					expect(parseMicros(formatMicros(parseMicros(text), 6))).toBe(parseMicros(text));
				} catch (error) {
					expect(error).toBeInstanceOf(RangeError);
				}
			})
		);
	});
});

describe('formatMicros', () => {
	it.each([
		[0n, 2, '0.00'],
		[1n, 2, '0.00'],
		[-1n, 2, '0.00'],
		[4_999n, 2, '0.00'],
		[5_000n, 2, '0.01'],
		[-5_000n, 2, '-0.01'],
		[14_999n, 2, '0.01'],
		[999_995_000n, 2, '1000.00'],
		[-42_100_000n, 2, '-42.10'],
		[1_500_000n, 0, '2'],
		[499_999n, 0, '0'],
		[-1n, 6, '-0.000001'],
		[1_234_567n, 3, '1.235']
	])('given %d micros and %i decimals, then it reads %s', (micros, decimals, text) => {
		expect(formatMicros(micros, decimals)).toBe(text);
	});

	it('given any amount, when written with six decimals and read, then it is the same', () => {
		fc.assert(
			fc.property(amounts, (micros) => {
				expect(parseMicros(formatMicros(micros, 6))).toBe(micros);
			})
		);
	});

	it('given any amount, when rounded, then it is off by at most half of the last digit', () => {
		fc.assert(
			fc.property(
				fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
				fc.nat(6),
				(micros, decimals) => {
					const shown = parseMicros(formatMicros(micros, decimals));
					const apart = shown > micros ? shown - micros : micros - shown;
					expect(apart * 2n <= 10n ** BigInt(6 - decimals)).toBe(true);
				}
			)
		);
	});
});
