import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rates } from '../../../../tests/fixtures/credit';
import {
	chargedSeconds,
	DEFAULT_RATE,
	findRate,
	minutesFor,
	priceMicros,
	walletStatus
} from './rating';
import type { Rate } from './types';

const stepsOf = (initialSeconds: number, incrementSeconds: number): Rate => ({
	...DEFAULT_RATE,
	initialSeconds,
	incrementSeconds
});

const prefixOf = (prefix: string): Rate => ({ ...DEFAULT_RATE, prefix, perMinuteMicros: 1n });

describe('chargedSeconds', () => {
	it.each([
		['60/60', 60, 60, 0, 0],
		['60/60', 60, 60, 1, 60],
		['60/60', 60, 60, 60, 60],
		['60/60', 60, 60, 61, 120],
		['30/6', 30, 6, 1, 30],
		['30/6', 30, 6, 30, 30],
		['30/6', 30, 6, 31, 36],
		['30/6', 30, 6, 61, 66],
		['1/1', 1, 1, 1, 1],
		['1/1', 1, 1, 61, 61],
		['90/30', 90, 30, 1, 90],
		['90/30', 90, 30, 91, 120],
		['90/30', 90, 30, 121, 150]
	])(
		'given %s (%i s at least, then steps of %i s), when %i s are talked, then %i s are charged',
		(_name, initial, increment, talked, charged) => {
			expect(chargedSeconds(stepsOf(initial, increment), talked)).toBe(charged);
		}
	);

	it('given any rate, then what is charged covers the talk by less than an increment beyond the initial seconds', () => {
		fc.assert(
			fc.property(rates, fc.integer({ min: 1, max: 20_000 }), (rate, talked) => {
				const charged = chargedSeconds(rate, talked);
				expect(charged).toBeGreaterThanOrEqual(Math.max(talked, rate.initialSeconds));
				expect(charged).toBeLessThan(Math.max(talked, rate.initialSeconds) + rate.incrementSeconds);
			})
		);
	});
});

describe('priceMicros', () => {
	it.each([
		['the default, one second', DEFAULT_RATE, 1, 100_000n],
		['the default, two minutes', DEFAULT_RATE, 120, 200_000n],
		['30/6 at ten cents, 31 seconds', stepsOf(30, 6), 31, 60_000n],
		['1/1 at ten cents, one second rounds up', stepsOf(1, 1), 1, 1_667n],
		['90/30 at ten cents, one second', stepsOf(90, 30), 1, 150_000n],
		['nothing talked', stepsOf(90, 30), 0, 0n]
	])('given %s, then it costs what was agreed', (_name, rate, talked, price) => {
		expect(priceMicros(rate, talked)).toBe(price);
	});

	it('given any rate, when a talk is longer, then its price is never lower', () => {
		fc.assert(
			fc.property(rates, fc.nat(20_000), fc.nat(200), (rate, talked, more) => {
				const longer = priceMicros(rate, talked + more);
				expect(longer >= priceMicros(rate, talked)).toBe(true);
			})
		);
	});
});

describe('minutesFor', () => {
	it('given any rate and amount, then it is the most whole minutes the amount pays for', () => {
		fc.assert(
			fc.property(
				rates,
				fc.bigInt({ min: 0n, max: 20_000_000n }),
				fc.nat(300),
				(rate, amount, limit) => {
					const minutes = minutesFor(rate, amount, limit);
					expect(minutes).toBeLessThanOrEqual(limit);
					if (minutes > 0) expect(priceMicros(rate, minutes * 60) <= amount).toBe(true);
					if (minutes < limit) {
						expect(priceMicros(rate, (minutes + 1) * 60) > amount).toBe(true);
					}
				}
			),
			{ numRuns: 400 }
		);
	});

	it('given nothing or debt, then it is none', () => {
		expect(minutesFor(DEFAULT_RATE, 0n, 10)).toBe(0);
		expect(minutesFor(DEFAULT_RATE, -1n, 10)).toBe(0);
	});
});

describe('findRate', () => {
	const all = ['1', '1415', '91', '9198'].map(prefixOf);

	it.each([
		['+14155550177', '1415'],
		['+12025550101', '1'],
		['+919812345678', '9198'],
		['+914412345678', '91'],
		['+442071234567', '']
	])(
		'given the number %s, then the rate of the longest prefix "%s" is chosen',
		(number, prefix) => {
			expect(findRate(all, number).prefix).toBe(prefix);
			expect(findRate([...all].reverse(), number).prefix).toBe(prefix);
		}
	);

	it('given a default of its own, then it goes before ours', () => {
		expect(findRate([prefixOf('')], '+442071234567').perMinuteMicros).toBe(1n);
	});
});

describe('walletStatus', () => {
	it.each([
		[0n, 'LOW'],
		[9_999_999n, 'LOW'],
		[10_000_000n, 'OK'],
		[49_999_999n, 'OK'],
		[50_000_000n, 'GOOD']
	])('given %s micro-dollars, then the wallet is %s', (balance, word) => {
		expect(walletStatus(balance)).toBe(word);
	});
});
