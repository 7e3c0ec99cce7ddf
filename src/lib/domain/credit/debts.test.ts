import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { debtOf, NOW_MS } from '../../../../tests/fixtures/lane';
import { minutesOwed, oldestFirst, owedAfter, payWithDollars, payWithMinutes } from './debts';
import type { BillingMode, Debt } from './types';

const MODES: BillingMode[] = ['minutes', 'wallet', 'minutes_then_wallet'];

describe('minutes that pay a debt', () => {
	it('given minutes owed, then they are paid first, and dollars with what is left', () => {
		const debt = debtOf('call', { minutes: 2, amountMicros: 300_000n });
		expect(payWithMinutes(debt, 4, 'minutes_then_wallet')).toMatchObject({
			minutes: 4,
			debt: {
				remainingMinutes: 0,
				remainingMicros: 100_000n,
				convertedMinutes: 2,
				convertedMicros: 200_000n
			}
		});
	});

	it('given dollars owed where minutes pay no calls, then they stay owed', () => {
		const debt = debtOf('call', { minutes: 1, amountMicros: 300_000n });
		const { debt: rest, minutes } = payWithMinutes(debt, 9, 'wallet');
		expect({ minutes, owed: rest.remainingMicros }).toEqual({ minutes: 1, owed: 300_000n });
		expect(minutesOwed(debt, 'wallet')).toBe(1);
	});

	it('given dollars of a payment that went back, then no minutes pay them', () => {
		const debt = debtOf('x', { callId: null, paymentId: 'p', amountMicros: 9n, worthMinutes: 0 });
		expect(payWithMinutes(debt, 9, 'minutes')).toEqual({ minutes: 0, debt });
	});

	it('given a price that is no whole number of minutes, then what is left of the last one is paid with it', () => {
		const debt = debtOf('call', { amountMicros: 133_400n, worthMinutes: 2 });
		const first = payWithMinutes(debt, 1, 'minutes');
		expect(first.debt.remainingMicros).toBe(66_700n);
		const second = payWithMinutes(first.debt, 5, 'minutes');
		expect(second).toMatchObject({ minutes: 1, debt: { remainingMicros: 0n } });
	});
});

describe('dollars that pay a debt', () => {
	it('given dollars owed, then they are paid first, and whole minutes at the rate of the call with what is left', () => {
		const debt = debtOf('call', { minutes: 3, amountMicros: 50_000n, perMinuteMicros: 33_333n });
		expect(payWithDollars(debt, 140_000n, 'wallet')).toMatchObject({
			micros: 116_666n,
			debt: {
				remainingMinutes: 1,
				remainingMicros: 0n,
				convertedMinutes: -2,
				convertedMicros: -66_666n
			}
		});
	});

	it('given minutes owed where dollars pay no calls, or for a number that costs nothing, then they stay owed', () => {
		const debt = debtOf('call', { minutes: 3 });
		expect(payWithDollars(debt, 900_000n, 'minutes').debt).toEqual(debt);
		const free = { ...debt, perMinuteMicros: 0n };
		expect(payWithDollars(free, 900_000n, 'wallet').debt).toEqual(free);
	});
});

const debts = fc
	.record({
		minutes: fc.nat(5),
		worthMinutes: fc.integer({ min: 1, max: 7 }),
		perMinuteMicros: fc.constantFrom(0n, 1n, 33_333n, 100_000n),
		amountMicros: fc.bigInt({ min: 1n, max: 800_000n })
	})
	.map((part) => debtOf('call', part));
const credits = fc.array(
	fc.oneof(
		fc.record({ minutes: fc.integer({ min: 1, max: 4 }) }),
		fc.record({ micros: fc.bigInt({ min: 1n, max: 300_000n }) })
	),
	{ maxLength: 12 }
);

describe('any credit on any debt', () => {
	it('then nothing is paid twice, minutes never pay more than the talk that is owed for, and in the end all is paid', () => {
		fc.assert(
			fc.property(debts, credits, fc.constantFrom(...MODES), (debt, story, mode) => {
				let rest: Debt = debt;
				let [minutes, micros] = [0, 0n];
				const pay = (credit: (typeof story)[number]) => {
					const paid =
						'minutes' in credit
							? payWithMinutes(rest, credit.minutes, mode)
							: payWithDollars(rest, credit.micros, mode);
					if ('minutes' in paid) minutes += paid.minutes;
					else micros += paid.micros;
					expect(
						'minutes' in paid && 'minutes' in credit ? paid.minutes <= credit.minutes : true
					).toBe(true);
					rest = paid.debt;
					expect(rest.remainingMinutes).toBeGreaterThanOrEqual(0);
					expect(rest.remainingMicros >= 0n).toBe(true);
					expect(minutes).toBe(debt.minutes - rest.remainingMinutes + rest.convertedMinutes);
					expect(micros).toBe(debt.amountMicros - rest.remainingMicros - rest.convertedMicros);
					expect(minutes).toBeLessThanOrEqual(debt.minutes + debt.worthMinutes);
				};
				story.forEach(pay);
				pay({ micros: 10_000_000n });
				pay({ minutes: 100 });
				expect([rest.remainingMinutes, rest.remainingMicros]).toEqual([0, 0n]);
			})
		);
	});
});

it('given debts, then the oldest is paid first, and what is owed in all is less by what was paid', () => {
	const [older, newer] = [
		debtOf('older', { minutes: 2, createdAtMs: NOW_MS - 9_000 }),
		debtOf('newer', { amountMicros: 500_000n, createdAtMs: NOW_MS - 1_000 })
	];
	expect(oldestFirst([newer, older])).toEqual([older, newer]);
	const paid = [
		{ ...older, remainingMinutes: 1 },
		{ ...newer, remainingMicros: 0n }
	];
	const owed = owedAfter({ debtMinutes: 7, debtMicros: 600_000n }, [newer, older], paid);
	expect(owed).toEqual({ debtMinutes: 6, debtMicros: 100_000n });
});
