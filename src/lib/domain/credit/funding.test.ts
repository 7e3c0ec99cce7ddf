import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditOf, deepFreeze, lotOf, NOW_MS } from '../../../../tests/fixtures/lane';
import {
	burnOrder,
	consumeParts,
	holdParts,
	planMinutes,
	releaseParts,
	spendableMinutes,
	spendableOf,
	sumOfParts
} from './funding';
import type { Credit, HoldPart } from './types';

const lots = fc
	.array(
		fc.record({
			remainingMinutes: fc.nat(20),
			priority: fc.nat(2),
			expiresAtMs: fc.option(fc.integer({ min: NOW_MS - 5, max: NOW_MS + 5 })),
			createdAtMs: fc.integer({ min: NOW_MS - 9, max: NOW_MS })
		}),
		{ maxLength: 6 }
	)
	.map((parts) => parts.map((part, index) => lotOf({ ...part, id: `lot-${index}` })));

/** Credit out of which other calls hold something already. */
const credits = fc.tuple(lots, fc.nat(30)).map(([all, held]) => {
	const credit = creditOf(all);
	return deepFreeze(holdParts(credit, planMinutes(credit, held, NOW_MS - 10)));
});

function expectSound(credit: Credit): void {
	for (const lot of credit.lots) {
		expect(lot.heldMinutes).toBeGreaterThanOrEqual(0);
		expect(lot.remainingMinutes).toBeGreaterThanOrEqual(lot.heldMinutes);
	}
	expect(credit.heldMinutes).toBe(credit.lots.reduce((sum, lot) => sum + lot.heldMinutes, 0));
	expect(credit.totalMinutes - credit.usedMinutes).toBe(
		credit.lots.reduce((sum, lot) => sum + lot.remainingMinutes, 0)
	);
}

function minutesByLot(parts: HoldPart[]): Map<string, number> {
	const minutes = new Map<string, number>();
	for (const part of parts) {
		minutes.set(part.allocationId, (minutes.get(part.allocationId) ?? 0) + part.minutes);
	}
	return minutes;
}

describe('burnOrder', () => {
	it('given lots, then priority goes before expiry, expiry before age, and id decides the rest', () => {
		const inOrder = [
			lotOf({ id: 'low', priority: 0, expiresAtMs: null, createdAtMs: 9 }),
			lotOf({ id: 'soon', priority: 1, expiresAtMs: 10, createdAtMs: 9 }),
			lotOf({ id: 'later-old', priority: 1, expiresAtMs: 20, createdAtMs: 1 }),
			lotOf({ id: 'later-new', priority: 1, expiresAtMs: 20, createdAtMs: 2 }),
			lotOf({ id: 'never-a', priority: 1, expiresAtMs: null, createdAtMs: 0 }),
			lotOf({ id: 'never-b', priority: 1, expiresAtMs: null, createdAtMs: 0 })
		];
		fc.assert(
			fc.property(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), (shuffled) => {
				expect([...shuffled].sort(burnOrder)).toEqual(inOrder);
			})
		);
	});
});

describe('spendableOf', () => {
	it.each([
		[null, 6],
		[NOW_MS + 1, 6],
		[NOW_MS, 0],
		[NOW_MS - 1, 0]
	])(
		'given 10 minutes of which 4 are held, expiring at %s, then %i may be promised',
		(expiresAtMs, minutes) => {
			expect(spendableOf(lotOf({ heldMinutes: 4, expiresAtMs }), NOW_MS)).toBe(minutes);
		}
	);
});

describe('planMinutes', () => {
	it('given any credit, then it plans what is asked or all there is, never more and never from expired lots', () => {
		fc.assert(
			fc.property(credits, fc.nat(60), (credit, minutes) => {
				const plan = planMinutes(credit, minutes, NOW_MS);
				expect(sumOfParts(plan)).toBe(Math.min(minutes, spendableMinutes(credit, NOW_MS)));
				for (const part of plan) {
					const lot = credit.lots.find(({ id }) => id === part.allocationId) ?? lotOf();
					expect(part.minutes).toBeGreaterThan(0);
					expect(part.minutes).toBeLessThanOrEqual(spendableOf(lot, NOW_MS));
				}
			})
		);
	});

	it('given any credit, then an earlier lot is emptied before the next one is touched', () => {
		fc.assert(
			fc.property(credits, fc.nat(60), (credit, minutes) => {
				const planned = minutesByLot(planMinutes(credit, minutes, NOW_MS));
				const spendable = [...credit.lots]
					.sort(burnOrder)
					.filter((lot) => spendableOf(lot, NOW_MS) > 0);
				const left = spendable.map((lot) => spendableOf(lot, NOW_MS) - (planned.get(lot.id) ?? 0));
				const firstLeft = left.findIndex((rest) => rest > 0);
				const after = firstLeft < 0 ? [] : spendable.slice(firstLeft + 1);
				expect(after.filter((lot) => planned.has(lot.id))).toEqual([]);
			})
		);
	});
});

describe('holdParts and releaseParts', () => {
	it('given any credit, when parts are held and released, then all is as before', () => {
		fc.assert(
			fc.property(credits, fc.nat(60), (credit, minutes) => {
				const plan = planMinutes(credit, minutes, NOW_MS);
				const held = holdParts(credit, plan);
				expectSound(held);
				expect(spendableMinutes(held, NOW_MS)).toBe(
					spendableMinutes(credit, NOW_MS) - sumOfParts(plan)
				);
				expect(releaseParts(held, plan)).toEqual(credit);
			})
		);
	});

	it('given a lot that was not read, then it throws instead of losing minutes', () => {
		const parts = [{ allocationId: 'elsewhere', minutes: 1 }];
		expect(() => holdParts(creditOf([lotOf()]), parts)).toThrow('elsewhere');
		expect(() => consumeParts(creditOf([lotOf()]), parts)).toThrow('elsewhere');
	});
});
