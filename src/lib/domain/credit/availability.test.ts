import { describe, expect, it } from 'vitest';
import { creditOf, lotOf, NOW_MS } from '../../../../tests/fixtures/lane';
import { creditBlock, warningType } from './availability';
import { DEFAULT_RATE } from './rating';
import type { Credit } from './types';

/** Ten minutes granted, of which so many are left. */
const withMinutes = (left: number, part: Partial<Credit> = {}) =>
	creditOf(left > 0 ? [lotOf({ remainingMinutes: left })] : [], {
		totalMinutes: 10,
		usedMinutes: 10 - left,
		...part
	});

describe('warningType', () => {
	it.each([
		['plenty of minutes', withMinutes(10), 'normal'],
		['a fifth of the minutes', withMinutes(2), 'normal'],
		['less than a fifth of the minutes', withMinutes(1), 'low_balance'],
		['few minutes but a good wallet', withMinutes(1, { balanceMicros: 50_000_000n }), 'normal'],
		['few minutes and a low wallet', withMinutes(1, { balanceMicros: 9_000_000n }), 'low_balance'],
		[
			'a wallet under ten dollars',
			creditOf([], { mode: 'wallet', balanceMicros: 9_990_000n }),
			'low_balance'
		],
		[
			'a wallet of ten dollars',
			creditOf([], { mode: 'wallet', balanceMicros: 10_000_000n }),
			'normal'
		],
		['nothing ever granted', creditOf([]), 'no_allocation'],
		['an overdraft to use', withMinutes(0, { overdraftLimitMicros: 100_000n }), 'negative_balance'],
		[
			'an overdraft used up',
			withMinutes(0, { overdraftLimitMicros: 100_000n, debtMicros: 100_000n }),
			'credit_limit_exceeded'
		]
	] as const)('given %s, then the word is the right one', (_name, credit, word) => {
		expect(warningType(credit, DEFAULT_RATE, NOW_MS)).toBe(word);
	});
});

describe('creditBlock', () => {
	it('given enough for the call, then nothing stands against it', () => {
		const credit = withMinutes(1, { balanceMicros: 200_000n });
		expect(creditBlock('Asha Travels', credit, DEFAULT_RATE, 3, NOW_MS)).toBeNull();
	});

	it('given no wallet, then what is missing are minutes', () => {
		const block = creditBlock('Asha Travels', withMinutes(1), DEFAULT_RATE, 3, NOW_MS);
		expect(block).toMatchObject({ code: 'minutes_exhausted', numbers: { remainingMinutes: 1 } });
	});

	it('given a wallet, then what is missing is money', () => {
		const credit = withMinutes(1, { balanceMicros: 150_000n });
		expect(creditBlock('Asha Travels', credit, DEFAULT_RATE, 3, NOW_MS)).toMatchObject({
			code: 'insufficient_balance',
			numbers: { remainingMinutes: 1, spendableDollars: 0.15 }
		});
	});
});
