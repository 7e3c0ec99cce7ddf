import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credits, expectSoundCredit, rates } from '../../../../tests/fixtures/credit';
import { creditOf, holdOf, lotOf, NOW_MS } from '../../../../tests/fixtures/lane';
import {
	affordableMinutes,
	growHold,
	holdPlan,
	planFunding,
	releaseHold,
	spendableMicros,
	spendableMinutes,
	sumOfParts,
	type FundingPlan
} from './funding';
import { DEFAULT_RATE, priceMicros } from './rating';
import type { Credit, Hold } from './types';

const agreed = { isOverdraftAgreed: true };

function holdUnder(plan: FundingPlan): Hold {
	return growHold(holdOf({ parts: [] }), plan);
}

/** Two minutes, three minutes' dollars and a dollar limit of two minutes. */
const mixed = (part: Partial<Credit> = {}) =>
	creditOf([lotOf({ remainingMinutes: 2 })], {
		balanceMicros: 350_000n,
		overdraftLimitMicros: 200_000n,
		...part
	});

describe('planFunding', () => {
	it.each([
		[1, 1, 0, 0],
		[2, 2, 0, 0],
		[4, 2, 2, 0],
		[5, 2, 3, 0],
		[6, 2, 3, 1],
		[9, 2, 3, 2]
	])(
		'given minutes, dollars and an agreed overdraft, when %i minutes are asked for, then allocations pay %i, the wallet %i, debt %i',
		(minutes, fromLots, fromWallet, fromDebt) => {
			expect(planFunding(mixed(), DEFAULT_RATE, minutes, NOW_MS, agreed)).toEqual({
				parts: [{ allocationId: 'lot-1', minutes: fromLots }],
				walletMinutes: fromWallet,
				walletMicros: BigInt(fromWallet) * 100_000n,
				overdraftMinutes: 0,
				overdraftMicros: BigInt(fromDebt) * 100_000n,
				overdraftSeconds: fromDebt * 60,
				coveredMinutes: fromLots + fromWallet + fromDebt
			});
		}
	);

	it('given no agreement, then no debt is planned', () => {
		expect(planFunding(mixed(), DEFAULT_RATE, 9, NOW_MS)).toMatchObject({
			overdraftMinutes: 0,
			overdraftMicros: 0n,
			coveredMinutes: 5
		});
	});

	it('given mode minutes, then dollars pay nothing and the overdraft is counted in minutes', () => {
		const credit = mixed({ mode: 'minutes', overdraftLimitMinutes: 3 });
		expect(planFunding(credit, DEFAULT_RATE, 9, NOW_MS, agreed)).toMatchObject({
			walletMinutes: 0,
			overdraftMinutes: 3,
			overdraftMicros: 0n,
			coveredMinutes: 5
		});
	});

	it('given a number that costs nothing, then it is free where the wallet pays, and takes minutes where only they do', () => {
		const free = { ...DEFAULT_RATE, perMinuteMicros: 0n };
		const planIn = (mode: Credit['mode']) =>
			planFunding(mixed({ mode, balanceMicros: 0n }), free, 9, NOW_MS).coveredMinutes;
		expect([planIn('minutes'), planIn('wallet'), planIn('minutes_then_wallet')]).toEqual([2, 9, 9]);
	});

	it('given mode wallet, then allocations pay nothing', () => {
		const plan = planFunding(mixed({ mode: 'wallet' }), DEFAULT_RATE, 9, NOW_MS);
		expect(plan).toMatchObject({ parts: [], walletMinutes: 3, coveredMinutes: 3 });
	});

	it('given dollars that others hold, then they are not planned again', () => {
		const plan = planFunding(mixed({ heldMicros: 250_000n }), DEFAULT_RATE, 9, NOW_MS);
		expect(plan).toMatchObject({ walletMinutes: 1, walletMicros: 100_000n, coveredMinutes: 3 });
	});

	it('given debt and overdraft lent to others, then only the rest of the limit is lent', () => {
		const credit = mixed({ debtMicros: 50_000n, overdraftHeldMicros: 50_000n });
		const plan = planFunding(credit, DEFAULT_RATE, 9, NOW_MS, agreed);
		expect(plan).toMatchObject({ overdraftSeconds: 60, overdraftMicros: 100_000n });
	});

	it('given both overdrafts, then minutes are lent before dollars, each to its own limit', () => {
		const credit = mixed({ overdraftLimitMinutes: 4, debtMinutes: 1 });
		const plan = planFunding(credit, DEFAULT_RATE, 20, NOW_MS, agreed);
		expect(plan).toMatchObject({
			overdraftMinutes: 3,
			overdraftMicros: 200_000n,
			overdraftSeconds: 300,
			coveredMinutes: 10
		});
	});

	it('given any credit, then a plan never exceeds what is there or what was asked', () => {
		fc.assert(
			fc.property(credits, rates, fc.nat(20), fc.boolean(), (credit, rate, minutes, isAgreed) => {
				const plan = planFunding(credit, rate, minutes, NOW_MS, { isOverdraftAgreed: isAgreed });
				expect(sumOfParts(plan.parts)).toBeLessThanOrEqual(spendableMinutes(credit, NOW_MS));
				expect(plan.walletMicros <= spendableMicros(credit)).toBe(true);
				expect(plan.walletMicros).toBe(priceMicros(rate, plan.walletMinutes * 60));
				expect(plan.coveredMinutes).toBe(
					sumOfParts(plan.parts) + plan.walletMinutes + plan.overdraftSeconds / 60
				);
				expect(plan.coveredMinutes).toBeLessThanOrEqual(minutes);
				if (!isAgreed) expect(plan.overdraftSeconds).toBe(0);
				const lent = credit.overdraftHeldMicros + plan.overdraftMicros + credit.debtMicros;
				expect(lent <= credit.overdraftLimitMicros || plan.overdraftMicros === 0n).toBe(true);
			}),
			{ numRuns: 300 }
		);
	});

	it('given any credit, then a wider source is only opened when the narrower is empty', () => {
		fc.assert(
			fc.property(credits, rates, fc.nat(20), (credit, rate, minutes) => {
				const plan = planFunding(credit, rate, minutes, NOW_MS, agreed);
				const left = spendableMinutes(credit, NOW_MS) - sumOfParts(plan.parts);
				if (plan.walletMinutes > 0 && credit.mode !== 'wallet') expect(left).toBe(0);
				if (plan.overdraftSeconds > 0 && credit.mode !== 'minutes') {
					const next = priceMicros(rate, (plan.walletMinutes + 1) * 60);
					expect(next > spendableMicros(credit)).toBe(true);
				}
			}),
			{ numRuns: 300 }
		);
	});

	it('given a call that holds dollars, when a slice is added, then both slices cost what the whole costs', () => {
		fc.assert(
			fc.property(
				rates,
				fc.integer({ min: 1, max: 5 }),
				fc.integer({ min: 1, max: 5 }),
				(rate, first, more) => {
					const credit = creditOf([], { balanceMicros: 1_000_000_000n, mode: 'wallet' });
					const plan = planFunding(credit, rate, first, NOW_MS);
					const held = holdUnder(plan);
					const added = planFunding(holdPlan(credit, plan), rate, more, NOW_MS, { held });
					expect(added.walletMinutes).toBe(more);
					expect(plan.walletMicros + added.walletMicros).toBe(
						priceMicros(rate, (first + more) * 60)
					);
				}
			)
		);
	});
});

describe('holdPlan and releaseHold', () => {
	it('given any credit, when a plan is held and released, then all is as before, dollars and overdraft too', () => {
		fc.assert(
			fc.property(credits, rates, fc.nat(20), fc.boolean(), (credit, rate, minutes, isAgreed) => {
				const plan = planFunding(credit, rate, minutes, NOW_MS, { isOverdraftAgreed: isAgreed });
				const held = holdPlan(credit, plan);
				expectSoundCredit(held);
				expect(spendableMicros(held)).toBe(spendableMicros(credit) - plan.walletMicros);
				expect(releaseHold(held, holdUnder(plan))).toEqual(credit);
			}),
			{ numRuns: 300 }
		);
	});
});

describe('affordableMinutes', () => {
	it.each([
		['minutes', 2],
		['wallet', 3],
		['minutes_then_wallet', 5]
	] as const)('given mode %s, then %i minutes can be paid without debt', (mode, minutes) => {
		expect(affordableMinutes(mixed({ mode }), DEFAULT_RATE, NOW_MS)).toBe(minutes);
	});
});
