import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credits, expectSoundCredit, rates } from '../../../../tests/fixtures/credit';
import { creditOf, deepFreeze, holdOf, lotOf, NOW_MS } from '../../../../tests/fixtures/lane';
import { growHold, holdPlan, planFunding, spendableMinutes, sumOfParts } from './funding';
import { DEFAULT_RATE, priceMicros } from './rating';
import { settleTalk, type Settlement } from './settlement';
import type { Credit, Hold, HoldPart, Rate } from './types';

const stories = fc.record({
	credit: credits,
	rate: rates,
	toHold: fc.nat(12),
	isAgreed: fc.boolean(),
	talkSeconds: fc.oneof(fc.nat(1_500), fc.constantFrom(0, 1, 59, 60, 61, 120, 121, 180)),
	laterMs: fc.nat(10)
});

interface Settled extends Settlement {
	/** Credit without the call: what others hold is in it. */
	before: Credit;
	hold: Hold;
}

function play(story: typeof stories extends fc.Arbitrary<infer Story> ? Story : never): Settled {
	const { credit, rate, toHold, isAgreed, talkSeconds, laterMs } = story;
	const plan = planFunding(credit, rate, toHold, NOW_MS, { isOverdraftAgreed: isAgreed });
	const hold = growHold(holdOf({ parts: [] }), plan);
	const held = deepFreeze(holdPlan(credit, plan));
	return {
		before: credit,
		hold,
		...settleTalk(held, deepFreeze(hold), rate, talkSeconds, NOW_MS + laterMs)
	};
}

const minutesOf = (parts: HoldPart[], id: string) =>
	sumOfParts(parts.filter((part) => part.allocationId === id));

const atDefault = (
	credit: Credit,
	hold: Hold | null,
	talkSeconds: number,
	rate: Rate = DEFAULT_RATE
) => settleTalk(deepFreeze(credit), hold, rate, talkSeconds, NOW_MS);

describe('settleTalk of any call', () => {
	const check = (claim: (story: Parameters<typeof play>[0], settled: Settled) => void) =>
		fc.assert(
			fc.property(stories, (story) => claim(story, play(story))),
			{ numRuns: 400 }
		);

	it('given any hold and talk, then minutes, wallet seconds and short minutes together are the talk', () => {
		check(({ talkSeconds }, { paid, walletSeconds, shortMinutes }) => {
			const minutes = sumOfParts(paid) + Math.ceil(walletSeconds / 60) + shortMinutes;
			expect(minutes).toBe(Math.ceil(talkSeconds / 60));
			const covered = (sumOfParts(paid) + shortMinutes) * 60 + walletSeconds;
			expect(covered, 'billed covers the talk').toBeGreaterThanOrEqual(talkSeconds);
		});
	});

	it('given any hold and talk, then what the wallet paid and the dollars short are the price', () => {
		check(({ rate }, { before, credit, walletSeconds, walletCostMicros, ...settled }) => {
			expect(walletCostMicros).toBe(priceMicros(rate, walletSeconds));
			expect(settled.walletPaidMicros + settled.shortMicros).toBe(walletCostMicros);
			expect(credit.balanceMicros).toBe(before.balanceMicros - settled.walletPaidMicros);
			expect(credit.debtMicros).toBe(before.debtMicros + settled.shortMicros);
			expect(credit.debtMinutes).toBe(before.debtMinutes + settled.shortMinutes);
			expect(settled.shortMicros >= 0n && settled.walletPaidMicros >= 0n).toBe(true);
			expect(settled.shortMinutes).toBeGreaterThanOrEqual(0);
		});
	});

	it('given any hold and talk, then the hold is gone and what others hold is untouched', () => {
		check((_story, { before, credit }) => {
			expectSoundCredit(credit);
			expect(credit.heldMinutes).toBe(before.heldMinutes);
			expect(credit.heldMicros).toBe(before.heldMicros);
			expect(credit.overdraftHeldMinutes).toBe(before.overdraftHeldMinutes);
			expect(credit.overdraftHeldMicros).toBe(before.overdraftHeldMicros);
			expect(credit.lots.map((lot) => lot.heldMinutes)).toEqual(
				before.lots.map((lot) => lot.heldMinutes)
			);
		});
	});

	it('given any hold and talk, then each lot gives what the receipt says and is named once', () => {
		check((_story, { before, credit, paid }) => {
			expect(new Set(paid.map((part) => part.allocationId)).size).toBe(paid.length);
			expect(credit.usedMinutes).toBe(before.usedMinutes + sumOfParts(paid));
			for (const [index, lot] of before.lots.entries()) {
				const left = credit.lots[index]?.remainingMinutes;
				expect(lot.remainingMinutes - minutesOf(paid, lot.id)).toBe(left);
			}
		});
	});

	it('given any hold and talk, then nothing is owed while something could pay', () => {
		check(({ laterMs, rate }, { before, credit, hold, shortMinutes, shortMicros }) => {
			if (shortMinutes > 0) expect(spendableMinutes(credit, NOW_MS + laterMs)).toBe(0);
			if (shortMicros > 0n) expect(credit.balanceMicros).toBe(credit.heldMicros);
			if (before.mode === 'minutes') expect(shortMicros).toBe(0n);
			else {
				expect(shortMinutes).toBeLessThanOrEqual(hold.overdraftMinutes);
				const another = priceMicros(rate, rate.initialSeconds + 60);
				if (shortMinutes > 0) expect(credit.balanceMicros - credit.heldMicros < another).toBe(true);
			}
		});
	});

	it('given lots that expired since, then they pay what they had promised and not a minute more', () => {
		fc.assert(
			fc.property(stories, (story) => {
				const { before, hold, paid } = play({ ...story, laterMs: 1_000 });
				for (const lot of before.lots.filter(({ expiresAtMs }) => expiresAtMs !== null)) {
					expect(minutesOf(paid, lot.id)).toBeLessThanOrEqual(minutesOf(hold.parts, lot.id));
				}
			})
		);
	});

	it('given talk within what was held, then nothing is owed but the overdraft that was agreed', () => {
		check(({ talkSeconds, rate }, { hold, ...settled }) => {
			const own = sumOfParts(hold.parts) * 60 + hold.walletSeconds;
			if (talkSeconds <= own) {
				expect(settled.shortMinutes).toBe(0);
				expect(settled.shortMicros).toBe(0n);
			}
			if (talkSeconds <= own + hold.overdraftSeconds && settled.credit.mode === 'minutes') {
				expect(settled.shortMinutes).toBeLessThanOrEqual(hold.overdraftMinutes);
			}
			// Priced as one talk, an increment may straddle both: by less than one of them.
			const slack = priceMicros(rate, rate.initialSeconds + rate.incrementSeconds);
			if (talkSeconds <= own + hold.overdraftSeconds && settled.credit.mode !== 'minutes') {
				expect(settled.shortMicros <= hold.overdraftMicros + slack).toBe(true);
			}
		});
	});
});

describe('settleTalk', () => {
	it('given a hold on an expired lot, then the held part pays, then a living lot, and the rest is dollars', () => {
		const credit = creditOf(
			[
				lotOf({ id: 'expired', heldMinutes: 3, expiresAtMs: NOW_MS }),
				lotOf({ id: 'living', remainingMinutes: 1 })
			],
			{ balanceMicros: 100_000n }
		);
		const hold = holdOf({ parts: [{ allocationId: 'expired', minutes: 3 }] });
		expect(atDefault(credit, hold, 330)).toMatchObject({
			paid: [
				{ allocationId: 'expired', minutes: 3 },
				{ allocationId: 'living', minutes: 1 }
			],
			walletSeconds: 90,
			walletCostMicros: 200_000n,
			walletPaidMicros: 100_000n,
			shortMicros: 100_000n,
			shortMinutes: 0,
			credit: { heldMinutes: 0, usedMinutes: 4, debtMinutes: 0, balanceMicros: 0n }
		});
	});

	it('given mode minutes and a wallet, then the rest is owed in minutes and the wallet keeps its dollars', () => {
		const credit = creditOf([lotOf({ remainingMinutes: 3, heldMinutes: 3 })], {
			mode: 'minutes',
			balanceMicros: 5_000_000n
		});
		expect(atDefault(credit, holdOf(), 301)).toMatchObject({
			shortMinutes: 3,
			walletCostMicros: 0n,
			credit: { debtMinutes: 3, debtMicros: 0n, balanceMicros: 5_000_000n }
		});
	});

	it('given one minute and dollars held for one call, then its receipt has both and the rest goes back', () => {
		const credit = creditOf([lotOf({ remainingMinutes: 1, heldMinutes: 1 })], {
			balanceMicros: 1_000_000n,
			heldMicros: 200_000n
		});
		const hold = holdOf({
			parts: [{ allocationId: 'lot-1', minutes: 1 }],
			walletMicros: 200_000n,
			walletSeconds: 120
		});
		expect(atDefault(credit, hold, 61)).toMatchObject({
			paid: [{ allocationId: 'lot-1', minutes: 1 }],
			walletSeconds: 1,
			walletPaidMicros: 100_000n,
			credit: { balanceMicros: 900_000n, heldMicros: 0n, debtMicros: 0n }
		});
	});

	it('given dollars another call holds, when this one overruns, then they stay and the price is owed', () => {
		const credit = creditOf([], { mode: 'wallet', balanceMicros: 300_000n, heldMicros: 300_000n });
		const hold = holdOf({ parts: [], walletMicros: 100_000n, walletSeconds: 60 });
		expect(atDefault(credit, hold, 150)).toMatchObject({
			walletPaidMicros: 100_000n,
			shortMicros: 200_000n,
			credit: { balanceMicros: 200_000n, heldMicros: 200_000n, debtMicros: 200_000n }
		});
	});

	it('given more talk than one lot had lent, then its line of the receipt is one', () => {
		const credit = creditOf([lotOf({ heldMinutes: 3 })]);
		expect(atDefault(credit, holdOf(), 300).paid).toEqual([{ allocationId: 'lot-1', minutes: 5 }]);
	});

	it('given nothing talked, then nothing is used and the hold goes back', () => {
		const credit = creditOf([lotOf({ heldMinutes: 3 })]);
		expect(atDefault(credit, holdOf(), 0)).toEqual({
			credit: creditOf([lotOf()]),
			paid: [],
			walletSeconds: 0,
			walletCostMicros: 0n,
			walletPaidMicros: 0n,
			shortMinutes: 0,
			shortMicros: 0n
		});
	});

	it('given no hold at all, then the talk is paid from what is there', () => {
		const credit = creditOf([lotOf({ remainingMinutes: 1 })], { balanceMicros: 100_000n });
		expect(atDefault(credit, null, 120)).toMatchObject({
			paid: [{ allocationId: 'lot-1', minutes: 1 }],
			walletPaidMicros: 100_000n,
			shortMicros: 0n
		});
	});

	it('given 30/6, then the wallet pays by its steps and not by whole minutes', () => {
		const credit = creditOf([], { mode: 'wallet', balanceMicros: 1_000_000n });
		const rate = { ...DEFAULT_RATE, initialSeconds: 30, incrementSeconds: 6 };
		expect(atDefault(credit, null, 61, rate).walletPaidMicros).toBe(110_000n);
	});

	it('given mode wallet and allocations, when the call overruns, then dollars pay and no lot is touched', () => {
		const credit = creditOf([lotOf()], {
			mode: 'wallet',
			balanceMicros: 1_000_000n,
			heldMicros: 100_000n
		});
		const hold = holdOf({ parts: [], walletMicros: 100_000n, walletSeconds: 60 });
		expect(atDefault(credit, hold, 150)).toMatchObject({
			paid: [],
			walletSeconds: 150,
			walletPaidMicros: 300_000n,
			credit: { usedMinutes: 0, lots: [{ remainingMinutes: 10 }] }
		});
	});

	it('given dollars held and minutes granted since, when the call overruns, then only the overrun is paid in minutes', () => {
		const credit = creditOf([lotOf()], { balanceMicros: 100_000n, heldMicros: 100_000n });
		const hold = holdOf({ parts: [], walletMicros: 100_000n, walletSeconds: 60 });
		expect(atDefault(credit, hold, 150)).toMatchObject({
			paid: [{ allocationId: 'lot-1', minutes: 2 }],
			walletSeconds: 30,
			walletPaidMicros: 100_000n,
			credit: { usedMinutes: 2, balanceMicros: 0n }
		});
	});

	it('given dollars held, when the mode was changed to minutes since, then they pay what they were held for', () => {
		const credit = creditOf([], {
			mode: 'minutes',
			balanceMicros: 200_000n,
			heldMicros: 200_000n
		});
		const hold = holdOf({ parts: [], walletMicros: 200_000n, walletSeconds: 120 });
		expect(atDefault(credit, hold, 61)).toMatchObject({
			walletPaidMicros: 200_000n,
			shortMinutes: 0,
			credit: { balanceMicros: 0n, heldMicros: 0n, debtMinutes: 0 }
		});
	});

	it('given a free number and minutes before the wallet, when the call overruns, then nothing is owed', () => {
		const credit = creditOf([lotOf({ remainingMinutes: 3, heldMinutes: 3 })]);
		expect(
			atDefault(credit, holdOf(), 300, { ...DEFAULT_RATE, perMinuteMicros: 0n })
		).toMatchObject({
			shortMinutes: 0,
			shortMicros: 0n
		});
	});

	it('given mode minutes and no hold, then the talk is owed in minutes', () => {
		const credit = creditOf([], { mode: 'minutes', balanceMicros: 1_000_000n });
		expect(atDefault(credit, null, 61)).toMatchObject({
			shortMinutes: 2,
			walletPaidMicros: 0n,
			credit: { debtMinutes: 2, balanceMicros: 1_000_000n }
		});
	});
});
