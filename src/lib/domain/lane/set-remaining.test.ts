import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	creditOf,
	getOrganization,
	lotOf,
	NOW_MS,
	organizationOf,
	run,
	stateOf
} from '../../../../tests/fixtures/lane';
import { spendableMinutes } from '../credit/funding';
import type { Lot } from '../credit/types';
import type { SetRemaining } from './commands';

function setOf(remainingMinutes: number, part: Partial<SetRemaining> = {}): SetRemaining {
	return {
		kind: 'set_remaining',
		allocationId: 'allocation-new',
		organizationId: 1,
		remainingMinutes,
		reason: 'As agreed',
		priority: 100,
		expiresAtMs: null,
		actor: { kind: 'user', userId: 'admin-1' },
		...part
	};
}

function stateWith(lots: Lot[]) {
	return stateOf({ organizations: [organizationOf({ credit: creditOf(lots) })] });
}

const remainingOf = (state: ReturnType<typeof stateOf>) =>
	spendableMinutes(getOrganization(state).credit, NOW_MS);

describe('given an organisation with ten minutes', () => {
	it('when they are set to 310, then 300 are granted as one lot with its line of history', () => {
		const state = stateOf();
		const { result, changes } = run(state, setOf(310));
		expect(result).toEqual({ kind: 'set', grantedMinutes: 300, takenMinutes: 0 });
		expect(remainingOf(state)).toBe(310);
		expect(changes.rows?.history).toMatchObject([{ kind: 'allocate', minutes: 300 }]);
		expect(changes.rows?.audit).toHaveLength(1);
	});

	it('when they are set to 4, then six are taken from what would burn last', () => {
		const state = stateWith([
			lotOf({ id: 'early', remainingMinutes: 5, priority: 1 }),
			lotOf({ id: 'late', remainingMinutes: 5, priority: 2 })
		]);
		const { result, changes } = run(state, setOf(4));
		expect(result).toEqual({ kind: 'set', grantedMinutes: 0, takenMinutes: 6 });
		expect(getOrganization(state).credit.lots.map((lot) => lot.remainingMinutes)).toEqual([4, 0]);
		expect(changes.rows?.history).toMatchObject([
			{ kind: 'revoke', allocationId: 'late', minutes: 5 },
			{ kind: 'revoke', allocationId: 'early', minutes: 1 }
		]);
		expect(changes.rows?.audit).toMatchObject([
			{ action: 'minutes.set', after: { remainingMinutes: 4 } }
		]);
	});

	it('when they are set to ten, then nothing changes', () => {
		const state = stateOf();
		expect(run(state, setOf(10)).changes).toEqual({});
	});

	it('when the same request comes again, then nothing is granted again', () => {
		const state = stateOf();
		run(state, setOf(310));
		expect(run(state, setOf(310)).changes).toEqual({});
	});

	it('when the organisation is not known, then it says so', () => {
		expect(run(stateOf(), setOf(5, { organizationId: 9 })).result.kind).toBe(
			'unknown_organization'
		);
	});
});

describe('given any lots, some held by calls', () => {
	it('when the remaining is set to any figure, then it is that figure and what is held stays', () => {
		const lot = fc.record({
			remainingMinutes: fc.integer({ min: 0, max: 500 }),
			share: fc.integer({ min: 0, max: 4 }),
			priority: fc.integer({ min: 1, max: 3 })
		});
		fc.assert(
			fc.property(
				fc.array(lot, { maxLength: 6 }),
				fc.integer({ min: 0, max: 2_000 }),
				(drawn, target) => {
					const lots = drawn.map(({ share, ...part }, index) =>
						lotOf({
							id: `lot-${index}`,
							heldMinutes: Math.floor((part.remainingMinutes * share) / 4),
							...part
						})
					);
					const state = stateWith(lots);
					const before = getOrganization(state).credit;
					run(state, setOf(target));
					const after = getOrganization(state).credit;
					expect(remainingOf(state)).toBe(target);
					expect(after.heldMinutes).toBe(before.heldMinutes);
					for (const { remainingMinutes, heldMinutes } of after.lots) {
						expect(remainingMinutes).toBeGreaterThanOrEqual(heldMinutes);
					}
					const sum = after.lots.reduce((total, one) => total + one.remainingMinutes, 0);
					expect(after.totalMinutes - after.usedMinutes).toBe(sum);
				}
			)
		);
	});
});
