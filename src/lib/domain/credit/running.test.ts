import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditOfCall, runningCredit, type CreditBefore } from './running';

const TEN_CENTS = 100_000n;
const before = (changes: Partial<CreditBefore> = {}): CreditBefore => ({
	billingMode: 'minutes_then_wallet',
	minutes: 2,
	balanceMicros: 5_000_000n,
	ratePerMinuteMicros: TEN_CENTS,
	...changes
});

describe('given a call that is talked', () => {
	it.each([
		[0, 120, 5_000_000n, 0n],
		[61, 59, 5_000_000n, 0n],
		[120, 0, 5_000_000n, 0n],
		[150, 0, 4_950_000n, 50_000n],
		[-3, 120, 5_000_000n, 0n]
	])(
		'after %i s, then minutes pay first and the wallet the rest',
		(talked, seconds, balance, spent) => {
			expect(runningCredit(before(), talked)).toMatchObject({
				minuteSecondsLeft: seconds,
				balanceMicros: balance,
				spentMicros: spent
			});
		}
	);

	it('when only the wallet pays, then it falls from the first second', () => {
		const left = runningCredit(before({ billingMode: 'wallet' }), 6);
		expect(left).toMatchObject({ minuteSecondsLeft: 0, balanceMicros: 4_990_000n });
	});

	it('when only minutes pay, then the wallet stays as it is', () => {
		const left = runningCredit(before({ billingMode: 'minutes' }), 600);
		expect(left).toMatchObject({ minuteSecondsLeft: 0, balanceMicros: 5_000_000n });
	});

	it('when seconds pass, then nothing ever grows, and what is spent and left is what was there', () => {
		const worlds = fc.record({
			billingMode: fc.constantFrom('minutes', 'wallet', 'minutes_then_wallet' as const),
			minutes: fc.integer({ min: 0, max: 500 }),
			balanceMicros: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
			ratePerMinuteMicros: fc.bigInt({ min: 0n, max: 10n ** 7n })
		}) as fc.Arbitrary<CreditBefore>;
		fc.assert(
			fc.property(worlds, fc.nat(100_000), fc.nat(600), (world, talked, more) => {
				const now = runningCredit(world, talked);
				const later = runningCredit(world, talked + more);
				expect(later.balanceMicros <= now.balanceMicros).toBe(true);
				expect(later.minuteSecondsLeft).toBeLessThanOrEqual(now.minuteSecondsLeft);
				expect(now.balanceMicros + now.spentMicros).toBe(world.balanceMicros);
			})
		);
	});
});

describe('creditOfCall', () => {
	const now = {
		spendableMinutes: 100,
		heldMinutes: 6,
		spendableMicros: 4_000_000n,
		heldMicros: 500_000n,
		liveCalls: 2
	};
	it.each([
		['half of what two calls hold before it is answered', null, 103, 4_250_000n],
		['its own minutes and not those of the other call', 180, 103, 4_000_000n],
		['its own dollars where minutes do not cover it', 480, 106, 4_200_000n],
		['no more dollars than are held', 3_600, 106, 4_500_000n]
	])('given two calls, then it has %s', (_what, ownSeconds, minutes, balanceMicros) => {
		expect(creditOfCall(now, ownSeconds, 100_000n)).toEqual({ minutes, balanceMicros });
	});
});
